import { programsOf, type ComparisonProgram } from './comparison-program.ts';

/** Programs about values and arguments. */
export const VALUE_PROGRAMS: readonly ComparisonProgram[] = [
  ...programsOf('values/every-kind', {
    title: 'Returns a value of every kind that JSON has',
    python:
      'def main():\n    return {"null": None, "yes": True, "no": False, "zero": 0, "half": 0.5, "text": "a\\n\\"b\\"", "list": [[], {}, ""], "object": {"": 1}}\n',
    javascript:
      "const main = () => ({ null: null, yes: true, no: false, zero: 0, half: 0.5, text: 'a\\n\"b\"', list: [[], {}, ''], object: { '': 1 } });\n",
  }),
  ...programsOf('values/unicode', {
    title: 'Returns and prints text in several scripts, with pictures and combined letters',
    python:
      'def main():\n    texts = ["grüß", "日本語", "مرحبا", "👩‍👩‍👧", "e\\u0301", "\\u0000\\u2028"]\n    print(" ".join(texts[:4]))\n    return [[text, len(text.encode())] for text in texts]\n',
    javascript:
      "const main = () => {\n  const texts = ['grüß', '日本語', 'مرحبا', '👩‍👩‍👧', 'e\\u0301', '\\u0000\\u2028'];\n  console.log(texts.slice(0, 4).join(' '));\n  return texts.map((text) => [text, [...text].length]);\n};\n",
  }),
  ...programsOf('values/floats', {
    title: 'Returns fractions whose digits are easily lost',
    python: 'def main():\n    return [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e21, 123456789.125, sum([0.1] * 10)]\n',
    javascript:
      'const main = () => [0.1 + 0.2, 1 / 3, 5e-324, Number.MAX_VALUE, -0, 1e21, 123456789.125, Array(10).fill(0.1).reduce((a, b) => a + b)];\n',
  }),
  ...programsOf('values/big-integers', {
    title: 'Returns whole numbers beyond what a fraction can hold',
    python: 'def main():\n    return [2 ** 53 + 1, -(2 ** 64), 3 ** 200]\n',
    javascript: 'const main = () => [Number.MAX_SAFE_INTEGER, 2 ** 53 + 2, (3n ** 200n).toString()];\n',
  }),
  ...programsOf('values/date', {
    title: 'Returns a date, which is no JSON and is refused',
    python: 'import datetime\ndef main():\n    return {"on": datetime.date(2024, 2, 29)}\n',
    javascript: 'const main = () => ({ on: new Date(0) });\n',
  }),
  ...programsOf('values/nothing', {
    title: 'Returns nothing',
    python: 'def main():\n    pass\n',
    javascript: 'function main() {}\n',
  }),
  ...programsOf('values/large', {
    title: 'Returns a value of some hundred kilobytes',
    python: 'def main():\n    return [{"index": index, "text": "x" * (index % 50)} for index in range(5000)]\n',
    javascript: "const main = () => Array.from({ length: 5000 }, (_, index) => ({ index, text: 'x'.repeat(index % 50) }));\n",
  }),
  ...programsOf('arguments/echo', {
    title: 'Gives its arguments back, some of which look like code',
    python: 'def main(**given):\n    return given\n',
    javascript: 'const main = (given) => given;\n',
    request: {
      arguments: {
        text: '"); import os; os._exit(1) #',
        template: '${1 + 1} {{2}} $(id) `id`',
        nested: { list: [1, null, { deep: [true] }] },
        unicode: '語 👍',
      },
    },
  }),
  ...programsOf('programs/asynchronous', {
    title: 'Has a main that waits',
    python:
      'import asyncio\nasync def main():\n    parts = await asyncio.gather(*(asyncio.sleep(0.01, result=index) for index in range(5)))\n    return sum(parts)\n',
    javascript:
      'const main = async () => {\n  const parts = await Promise.all([0, 1, 2, 3, 4].map((index) => new Promise((resolve) => setTimeout(resolve, 10, index))));\n  return parts.reduce((a, b) => a + b);\n};\n',
  }),
];
