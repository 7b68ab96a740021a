import { createHash } from 'node:crypto';
import { jsonObjectSchema, type JsonObject } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectValue } from '../expectations.ts';

const ECHO = {
  python: 'def main(**arguments):\n    return arguments\n',
  javascript: 'function main(given) {\n  return given;\n}\n',
};

/** A case in which `main` gives its arguments back and they must be what was handed over. */
function echoCase(id: string, title: string, given: JsonObject): ConformanceCase[] {
  return inEachLanguage({
    id,
    title,
    programs: ECHO,
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language, arguments: given }), given);
    },
  });
}

/** A case in which `main` looks at its arguments itself and reports what it found. */
function inspectedCase(definition: {
  id: string;
  title: string;
  given: JsonObject;
  programs: { python: string; javascript: string };
  found: unknown;
}): ConformanceCase[] {
  return inEachLanguage({
    ...definition,
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language, arguments: definition.given }), definition.found);
    },
  });
}

const typeCases = [
  inspectedCase({
    id: 'arguments/booleans',
    title: 'hands booleans over as booleans of the language',
    given: { yes: true, no: false },
    programs: {
      python: 'def main(yes, no):\n    return [yes is True, no is False]\n',
      javascript: 'function main({ yes, no }) { return [yes === true, no === false]; }\n',
    },
    found: [true, true],
  }),
  inspectedCase({
    id: 'arguments/null',
    title: "hands null over as the language's own nothing",
    given: { nothing: null, inside: [null] },
    programs: {
      python: 'def main(nothing, inside):\n    return [nothing is None, inside == [None]]\n',
      javascript: 'function main({ nothing, inside }) { return [nothing === null, inside[0] === null]; }\n',
    },
    found: [true, true],
  }),
  inspectedCase({
    id: 'arguments/numbers',
    title: 'hands numbers over exactly',
    given: { whole: 9_007_199_254_740_991, negative: -3, ratio: 0.1, tiny: 5e-324, huge: 1.5e300 },
    programs: {
      python:
        'def main(whole, negative, ratio, tiny, huge):\n' +
        '    return [whole == 9007199254740991, negative + 3, ratio == 0.1, tiny == 5e-324, huge == 1.5e300]\n',
      javascript:
        'function main({ whole, negative, ratio, tiny, huge }) {\n' +
        '  return [whole === 9007199254740991, negative + 3, ratio === 0.1, tiny === 5e-324, huge === 1.5e300];\n}\n',
    },
    found: [true, 0, true, true, true],
  }),
  echoCase('arguments/falsy', 'does not mistake empty values for absent ones', {
    zero: 0,
    text: '',
    list: [],
    object: {},
    no: false,
    nothing: null,
  }),
  echoCase('arguments/nested', 'hands deeply nested objects and lists over whole', {
    tree: nest(100),
    rows: [[1, [2, [3, { four: [] }]]]],
  }),
  echoCase('arguments/unicode', 'hands every character over unchanged', {
    text: 'naïve 漢字 🦊👩‍👩‍👧 \u0000\u0007\u2028\u2029\u{10FFFF}',
    'ключ 🔑': 'value',
  }),
];

const nameCases = [
  inspectedCase({
    id: 'arguments/empty',
    title: 'calls main with nothing when there are no arguments',
    given: {},
    programs: {
      python: 'def main(*positions, **arguments):\n    return [len(positions), len(arguments)]\n',
      javascript: 'function main(...given) { return [given.length - 1, Object.keys(given[0]).length]; }\n',
    },
    found: [0, 0],
  }),
  inspectedCase({
    id: 'arguments/order',
    title: 'keeps the order of the arguments',
    given: { zebra: 1, apple: 2, mango: 3 },
    programs: {
      python: 'def main(**arguments):\n    return list(arguments)\n',
      javascript: 'function main(given) { return Object.keys(given); }\n',
    },
    found: ['zebra', 'apple', 'mango'],
  }),
  echoCase('arguments/names', 'takes any name: keywords, punctuation, names that a runner may use itself', {
    class: 1,
    'not-an-identifier': 2,
    '': 3,
    self: 4,
    main: 5,
    arguments: 6,
    module: 7,
    '1st': 8,
  }),
  inEachLanguage({
    id: 'arguments/prototype-key',
    title: 'treats the key __proto__ as data',
    programs: {
      python: 'def main(**arguments):\n    return [sorted(arguments), arguments["__proto__"]["polluted"]]\n',
      javascript:
        'function main(given) {\n' +
        "  const own = Object.getOwnPropertyDescriptor(given, '__proto__');\n" +
        '  return [Object.keys(given).sort(), own.value.polluted, given.polluted === undefined, {}.polluted === undefined];\n}\n',
    },
    async run(context, { code, language }) {
      // Written as JSON text: in an object literal, "__proto__" would set the prototype here.
      const given = jsonObjectSchema.parse(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'));
      const result = await context.execute({ code, language, arguments: given });
      expectStatus(result, 'completed');
      const found = [['__proto__', 'constructor'], true];
      expectEqual(result.value, language === 'python' ? found : [...found, true, true], 'value');
    },
  }),
];

const contentCases = [
  inEachLanguage({
    id: 'arguments/large',
    title: 'hands a text of 1 MiB over whole',
    programs: {
      python: 'import hashlib\ndef main(text):\n    return [len(text.encode()), hashlib.sha256(text.encode()).hexdigest()]\n',
      javascript:
        "const { createHash } = require('node:crypto');\n" +
        "function main({ text }) { return [Buffer.byteLength(text), createHash('sha256').update(text).digest('hex')]; }\n",
    },
    async run(context, { code, language }) {
      const text = 'abcdefgh'.repeat(131_072);
      const result = await context.execute({ code, language, arguments: { text } });
      expectValue(result, [1_048_576, createHash('sha256').update(text).digest('hex')]);
    },
  }),
  echoCase('arguments/looks-like-code', 'never takes an argument for source, template or shell text', {
    python: "'); raise SystemExit(9) #",
    triple: '"""\nraise SystemExit(9)\n"""',
    javascript: '`${process.exit(9)}`',
    comment: '*/ process.exit(9) /*',
    template: '{{7*7}} %s %(x)s {0} $1 $& $$',
    shell: '$(exit 9) `exit 9` ; exit 9 | tee x && false \'quoted\' "quoted"',
    escapes: '\\n\\u0041\\x41\\',
    lines: 'one\r\ntwo\rthree\n',
    markup: '</script><!-- ]]>',
    json: '{"arguments": {"yes": true}}',
  }),
];

/** Arguments are data of the language, never source. */
export const argumentCases: readonly ConformanceCase[] = [...typeCases, ...nameCases, ...contentCases].flat();

function nest(levels: number): JsonObject {
  let tree: JsonObject = { leaf: true };
  for (let level = 0; level < levels; level += 1) tree = { branch: tree };
  return tree;
}
