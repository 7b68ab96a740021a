import type { JsonValue, Language } from '@sandport/core';

/** What a program of the connection test prints last. */
export const TEST_MARK = 'TEST_PASSED';

/** A program for each language: it computes with what it was given, prints, and gives a value back that was not in its text. */
export const TEST_PROGRAMS: Readonly<Record<Language, string>> = {
  python: `import json

def main(left, right):
    total = left + right
    print(f"Python: {left} + {right} = {total}")
    print("JSON:", json.dumps({"total": total}))
    print("${TEST_MARK}")
    return {"total": total}
`,
  javascript: `module.exports.main = ({ left, right }) => {
  const total = left + right;
  console.log(\`JavaScript: \${left} + \${right} = \${total}\`);
  console.log('JSON:', JSON.stringify({ total }));
  console.log('${TEST_MARK}');
  return { total };
};
`,
};

/** Whether a value is what a program of the test gives for these arguments. */
export function isTestValue(value: JsonValue | undefined, { left, right }: { readonly left: number; readonly right: number }): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value['total'] === left + right;
}
