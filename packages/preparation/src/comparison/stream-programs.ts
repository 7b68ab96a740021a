import { programsOf, type ComparisonProgram } from './comparison-program.ts';

/** One program text for JavaScript with Node and without. */
const FILES = `const isNode = typeof sandbox === 'undefined';
const write = (path, data) => isNode ? require('node:fs').writeFileSync(path, data) : sandbox.files.write(path, typeof data === 'string' ? new TextEncoder().encode(data) : data);
const readText = (path) => isNode ? require('node:fs').readFileSync(path, 'utf8') : new TextDecoder().decode(sandbox.files.read(path));
const makeFolder = (path, parent = '.') => isNode ? require('node:fs').mkdirSync(path, { recursive: true }) : sandbox.files.list(parent).includes(path) || sandbox.files.makeFolder(path);
`;

/** Programs about what is read and printed, and about files. */
export const STREAM_PROGRAMS: readonly ComparisonProgram[] = [
  ...programsOf('output/both-streams', {
    title: 'Prints to both streams',
    python: 'import sys\nfor number in range(5):\n    print("out", number)\n    print("err", number, file=sys.stderr)\n',
    javascript: "for (let number = 0; number < 5; number += 1) {\n  console.log('out', number);\n  console.error('err', number);\n}\n",
  }),
  ...programsOf('output/control-characters', {
    title: 'Prints tabs, colours, a bell and a line without an end',
    python: 'print("a\\tb\\u001b[31mred\\u001b[0m\\u0007", end="")\n',
    javascript:
      "const text = 'a\\tb\\u001b[31mred\\u001b[0m\\u0007';\nif (typeof sandbox === 'undefined') process.stdout.write(text);\nelse sandbox.output.write(text);\n",
  }),
  ...programsOf('output/large', {
    title: 'Prints some hundred kilobytes',
    python: 'for number in range(5000):\n    print(number, "x" * 50)\n',
    javascript: "for (let number = 0; number < 5000; number += 1) console.log(number, 'x'.repeat(50));\n",
  }),
  ...programsOf('input/numbers', {
    title: 'Reads numbers from its standard input and adds them up',
    python: 'import sys\ndef main():\n    return sum(int(line) for line in sys.stdin)\n',
    javascript:
      "const main = () => {\n  const text = typeof sandbox === 'undefined' ? require('node:fs').readFileSync(0, 'utf8') : sandbox.input.readText();\n  return text.trim().split('\\n').reduce((sum, line) => sum + Number(line), 0);\n};\n",
    request: { stdin: Array.from({ length: 100 }, (_, index) => `${index}\n`).join('') },
  }),
  ...programsOf('files/artifacts', {
    title: 'Leaves a text, a table and bytes as artifacts',
    python:
      'import os\nos.makedirs("artifacts/below", exist_ok=True)\nopen("artifacts/notes.txt", "w", encoding="utf-8").write("größer\\n")\nopen("artifacts/table.csv", "w").write("name,count\\na,1\\nb,2\\n")\nopen("artifacts/below/bytes.bin", "wb").write(bytes(range(256)))\n',
    javascript: `${FILES}makeFolder('artifacts');\nmakeFolder('artifacts/below');\nwrite('artifacts/notes.txt', 'größer\\n');\nwrite('artifacts/table.csv', 'name,count\\na,1\\nb,2\\n');\nwrite('artifacts/below/bytes.bin', Uint8Array.from({ length: 256 }, (_, index) => index));\n`,
  }),
  ...programsOf('files/changed', {
    title: 'Reads a file that it was given and leaves a changed copy',
    python:
      'import os\nos.makedirs("artifacts", exist_ok=True)\ndef main():\n    text = open("data/input.txt", encoding="utf-8").read()\n    open("artifacts/output.txt", "w", encoding="utf-8").write(text.upper())\n    return len(text)\n',
    javascript: `${FILES}makeFolder('artifacts');\nconst main = () => {\n  const text = readText('data/input.txt');\n  write('artifacts/output.txt', text.toUpperCase());\n  return text.length;\n};\n`,
    request: { files: { 'data/input.txt': 'first line\nsecond línea\n' } },
  }),
  ...programsOf('environment/given', {
    title: 'Returns a variable that it was given',
    python: 'import os\ndef main():\n    return os.environ.get("COMPARED")\n',
    javascript: "const main = () => (typeof sandbox === 'undefined' ? process.env : sandbox.environment).COMPARED ?? null;\n",
    request: { environment: { COMPARED: 'a b "c" $d' } },
  }),
  ...programsOf('environment/names', {
    title: 'Lists the names of all variables that it finds',
    python: 'import os\ndef main():\n    return sorted(os.environ)\n',
    javascript: "const main = () => Object.keys(typeof sandbox === 'undefined' ? process.env : sandbox.environment).sort();\n",
  }),
];
