import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectText } from '../expectations.ts';

/** A case in which `main` returns something that JSON cannot carry: the program failed, and the error says why. */
function refusedValueCase(name: string, title: string, programs: { python?: string; javascript?: string }, valueBytes?: number) {
  return inEachLanguage({
    id: `values/${name}`,
    title,
    programs,
    async run(context, { code, language }) {
      const limits = valueBytes === undefined ? {} : { valueBytes };
      const result = await context.execute({ code, language, limits });
      expectStatus(result, 'failed');
      expectText(result.error.type, 'type of the error');
      expectText(result.error.message, 'message of the error');
      expectEqual(result.stdout, 'before\n', 'stdout');
    },
  });
}

const returning = (python: string, javascript: string) => ({
  python: `import datetime\ndef main():\n    print("before")\n    return ${python}\n`,
  javascript: `function main() {\n  console.log('before');\n  return ${javascript};\n}\n`,
});

/** What JSON cannot carry is an error of the program, never a broken or silently changed value. */
export const unserialisableValueCases: readonly ConformanceCase[] = [
  refusedValueCase('nan', 'reports NaN as an error of the program', returning('{"ratio": float("nan")}', '{ ratio: NaN }')),
  refusedValueCase('infinity', 'reports Infinity as an error of the program', returning('[float("-inf")]', '[-Infinity]')),
  refusedValueCase(
    'date',
    'reports a date as an error of the program',
    returning('{"now": datetime.datetime.now()}', '{ now: new Date() }'),
  ),
  refusedValueCase('function', 'reports a function as an error of the program', returning('[main]', '[main]')),
  refusedValueCase('collection', 'reports a set or a map as an error of the program', returning('{1, 2}', 'new Map([[1, 2]])')),
  refusedValueCase('cycle', 'reports a value that holds itself as an error of the program', {
    python: 'def main():\n    print("before")\n    ring = []\n    ring.append(ring)\n    return ring\n',
    javascript: "function main() {\n  console.log('before');\n  const ring = {};\n  ring.self = ring;\n  return ring;\n}\n",
  }),
  refusedValueCase('too-deep', 'reports a value that is nested deeper than the contract takes', {
    python: 'def main():\n    print("before")\n    tree = []\n    for _ in range(500):\n        tree = [tree]\n    return tree\n',
    javascript:
      "function main() {\n  console.log('before');\n  let tree = [];\n  for (let i = 0; i < 500; i += 1) tree = [tree];\n  return tree;\n}\n",
  }),
  refusedValueCase(
    'too-large',
    'reports a value beyond limits.valueBytes as an error of the program',
    returning('"x" * 2000', "'x'.repeat(2000)"),
    1000,
  ),
].flat();
