import type { JsonValue, Language } from '@sandport/core';

/** What a program of the connection test prints last. */
const TEST_MARK = 'TEST_PASSED';

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

/** What a program is given. */
export interface TestArguments {
  readonly left: number;
  readonly right: number;
}

/** What a program prints for these arguments, to the byte: what was printed came back whole. */
export function testOutput(language: Language, { left, right }: TestArguments): string {
  const total = left + right;
  const json = language === 'python' ? `{"total": ${total}}` : `{"total":${total}}`;
  return `${language === 'python' ? 'Python' : 'JavaScript'}: ${left} + ${right} = ${total}\nJSON: ${json}\n${TEST_MARK}\n`;
}

/** Whether a value is what a program of the test gives for these arguments. */
export function isTestValue(value: JsonValue | undefined, { left, right }: TestArguments): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value['total'] === left + right;
}
