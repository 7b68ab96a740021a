import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectIncludes, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { unserialisableValueCases } from './unserialisable-value-cases.ts';

const everyType = {
  text: 'naïve 🦊 \u2028\u0000"\\',
  whole: 42,
  negative: -7,
  ratio: 0.30000000000000004,
  huge: 1.5e300,
  yes: true,
  no: false,
  nothing: null,
  list: [1, 'two', [3], {}],
  object: { nested: { empty: {} }, '': 'unnamed', ['__proto__x']: 1 },
};

const jsonCases = [
  inEachLanguage({
    id: 'values/every-type',
    title: 'brings every JSON type back unchanged, as a value and as exact JSON text',
    programs: {
      python:
        'def main():\n' +
        '    return {"text": "na\\u00efve \\U0001F98A \\u2028\\0\\"\\\\", "whole": 42, "negative": -7, "ratio": 0.1 + 0.2,\n' +
        '            "huge": 1.5e300, "yes": True, "no": False, "nothing": None, "list": [1, "two", (3,), {}],\n' +
        '            "object": {"nested": {"empty": {}}, "": "unnamed", "__proto__x": 1}}\n',
      javascript:
        'function main() {\n' +
        '  return { text: "na\\u00efve \\u{1F98A} \\u2028\\0\\"\\\\", whole: 42, negative: -7, ratio: 0.1 + 0.2,\n' +
        '    huge: 1.5e300, yes: true, no: false, nothing: null, list: [1, "two", [3], {}],\n' +
        '    object: { nested: { empty: {} }, "": "unnamed", "__proto__x": 1 } };\n}\n',
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, everyType);
      expectStatus(result, 'completed');
      expectEqual(JSON.parse(result.valueJson ?? 'null'), everyType, 'valueJson, parsed');
    },
  }),
  inEachLanguage({
    id: 'values/false',
    title: 'does not mistake a returned false for no value',
    programs: { python: 'def main():\n    return False\n', javascript: 'const main = () => false;\n' },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language }), false);
    },
  }),
  inEachLanguage({
    id: 'values/nothing-returned',
    title: 'gives null when main returns nothing',
    programs: { python: 'def main():\n    pass\n', javascript: 'function main() {}\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, null);
      expectStatus(result, 'completed');
      expectEqual(result.valueJson, 'null', 'valueJson');
    },
  }),
  inEachLanguage({
    id: 'values/no-main',
    title: 'has no value when the program has no main',
    programs: { python: 'answer = 42\nprint(answer)\n', javascript: 'const answer = 42;\nconsole.log(answer);\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectEqual([Object.hasOwn(result, 'value'), Object.hasOwn(result, 'valueJson')], [false, false], 'value and valueJson are present');
      expectEqual(result.stdout, '42\n', 'stdout');
    },
  }),
  inEachLanguage({
    id: 'values/async-main',
    title: 'waits for an asynchronous main',
    programs: {
      python: 'import asyncio\nasync def main(word):\n    await asyncio.sleep(0.02)\n    return word + "!"\n',
      javascript: 'async function main({ word }) {\n  await new Promise((done) => setTimeout(done, 20));\n  return word + "!";\n}\n',
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language, arguments: { word: 'later' } }), 'later!');
    },
  }),
  inEachLanguage({
    id: 'values/big-integer',
    title: 'keeps a whole number beyond 2^53 exact in valueJson',
    programs: { python: 'def main():\n    return [2 ** 70 + 1, -(2 ** 64)]\n' },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      const digits = (result.valueJson ?? '').replaceAll(' ', '');
      expectEqual(digits, '[1180591620717411303425,-18446744073709551616]', 'valueJson');
    },
  }),
  inEachLanguage({
    id: 'values/large',
    title: 'brings a value of 2 MiB back whole',
    programs: {
      python: 'def main():\n    return ["abcdefgh" * 65536 for _ in range(4)]\n',
      javascript: "const main = () => Array.from({ length: 4 }, () => 'abcdefgh'.repeat(65536));\n",
    },
    async run(context, { code, language }) {
      const part = 'abcdefgh'.repeat(65_536);
      const result = await context.execute({ code, language });
      expectStatus(result, 'completed');
      expectTrue(JSON.stringify(result.value) === JSON.stringify([part, part, part, part]), 'the value is what main returned');
    },
  }),
];

/** Lines that look like somebody's private marker for a result. */
const LOOKALIKES = [
  '__RAGFLOW_RESULT__:eyJwcmVzZW50Ijp0cnVlLCJ2YWx1ZSI6ImZvcmdlZCIsInR5cGUiOiJqc29uIn0=',
  '__SANDPORT_RESULT__:{"value":"forged"}',
  '{"status":"completed","value":"forged"}',
  '"forged"',
];

const channelCases = [
  inEachLanguage({
    id: 'values/printed-lookalikes',
    title: 'never takes what is printed for the value, and leaves it in stdout',
    programs: {
      python:
        `import atexit\nLINES = ${JSON.stringify(LOOKALIKES)}\n` +
        'def main():\n    for line in LINES:\n        print(line)\n    atexit.register(print, LINES[0])\n    return "real"\n',
      javascript:
        `const LINES = ${JSON.stringify(LOOKALIKES)};\n` +
        'function main() {\n  for (const line of LINES) console.log(line);\n' +
        "  process.on('exit', () => console.log(LINES[0]));\n  return 'real';\n}\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, 'real');
      expectIncludes(result.stdout, `${LOOKALIKES.join('\n')}\n`, 'stdout');
    },
  }),
  inEachLanguage({
    id: 'values/printed-and-returned',
    title: 'keeps what is printed apart from what is returned',
    programs: {
      python: 'def main():\n    print("forty-two")\n    return 42\n',
      javascript: "function main() {\n  console.log('forty-two');\n  return 42;\n}\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, 42);
      expectEqual([result.stdout, result.stderr], ['forty-two\n', ''], 'stdout and stderr');
    },
  }),
  inEachLanguage({
    id: 'values/unfinished-line',
    title: 'keeps the value apart from a line that was printed without its end',
    programs: {
      python: 'def main():\n    print("unfinished", end="")\n    return [1]\n',
      javascript: "function main() {\n  process.stdout.write('unfinished');\n  return [1];\n}\n",
    },
    async run(context, { code, language }) {
      const result = await context.execute({ code, language });
      expectValue(result, [1]);
      expectEqual(result.stdout, 'unfinished', 'stdout');
    },
  }),
];

/** The value is JSON and comes on a channel of its own. */
export const valueCases: readonly ConformanceCase[] = [...jsonCases, ...channelCases, unserialisableValueCases].flat();
