import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StandardInput } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectSettled, expectValue } from '../expectations.ts';
import { inputStreamCases } from './input-stream-cases.ts';

const requires = ['stdin'] as const;
/** A program that has not read its input by then waits for what will never come. */
const TIMEOUT_MS = 5000;
/** A call that has not settled by then has not begun. */
const PATIENCE_MS = 9000;
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, n) => n);

/** Reads everything and gives its length and SHA-256. */
const DIGEST = {
  python:
    'import hashlib, sys\ndef main():\n    data = sys.stdin.buffer.read()\n    return [len(data), hashlib.sha256(data).hexdigest()]\n',
  javascript:
    "const { createHash } = require('node:crypto');\nasync function main() {\n  const hash = createHash('sha256');\n  let length = 0;\n" +
    "  for await (const piece of process.stdin) {\n    hash.update(piece);\n    length += piece.length;\n  }\n  return [length, hash.digest('hex')];\n}\n",
};

/** Reads a piece, waits, reads the next, and gives length and SHA-256 of it all. */
const SLOW_DIGEST = {
  python:
    'import hashlib, os, time\ndef main():\n    digest, length = hashlib.sha256(), 0\n    while piece := os.read(0, 1048576):\n' +
    '        digest.update(piece)\n        length += len(piece)\n        time.sleep(0.003)\n    return [length, digest.hexdigest()]\n',
  javascript:
    "const { createHash } = require('node:crypto');\nasync function main() {\n  const hash = createHash('sha256');\n  let length = 0;\n" +
    '  for await (const piece of process.stdin) {\n    hash.update(piece);\n    length += piece.length;\n' +
    "    await new Promise((done) => setTimeout(done, 3));\n  }\n  return [length, hash.digest('hex')];\n}\n",
};

const digestOf = (content: string | Uint8Array) => [Buffer.byteLength(content), createHash('sha256').update(content).digest('hex')];

/** A case in which the program must read exactly what was given. */
function digestCase(definition: {
  name: string;
  title: string;
  stdin: () => StandardInput | undefined;
  content: string | Uint8Array;
  programs?: typeof DIGEST;
  timeoutMs?: number;
}): ConformanceCase[] {
  const { name, title, stdin, content, programs = DIGEST, timeoutMs = TIMEOUT_MS } = definition;
  return inEachLanguage({
    id: `input/${name}`,
    title,
    requires,
    programs,
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language, stdin: stdin(), limits: { timeoutMs } }), digestOf(content));
    },
  });
}

async function* streamOf(pieces: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const piece of pieces) {
    await delay(5);
    yield piece;
  }
}

const LARGE = Buffer.alloc(8 * 1024 * 1024, 'sandport ');
const FOX = Buffer.from('🦊');

const wholeCases = [
  digestCase({
    name: 'text',
    title: 'hands text to standard input',
    stdin: () => 'naïve 🦊\r\nno end of line',
    content: 'naïve 🦊\r\nno end of line',
  }),
  digestCase({ name: 'bytes', title: 'hands every byte to standard input unchanged', stdin: () => EVERY_BYTE, content: EVERY_BYTE }),
  digestCase({ name: 'absent', title: 'has standard input at its end when nothing is given', stdin: () => undefined, content: '' }),
  digestCase({
    name: 'stream',
    title: 'hands the pieces of a stream over in order, text and bytes, also where a character is cut',
    stdin: () => streamOf(['one\n', '', FOX.subarray(0, 2), FOX.subarray(2), new Uint8Array(), 'naïve\n', EVERY_BYTE]),
    content: Buffer.concat([Buffer.from('one\n'), FOX, Buffer.from('naïve\n'), EVERY_BYTE]),
  }),
  digestCase({ name: 'empty-stream', title: 'has standard input at its end when a stream is', stdin: () => streamOf([]), content: '' }),
  digestCase({
    name: 'large',
    title: 'hands 8 MiB to a program that reads slowly',
    stdin: () => LARGE,
    content: LARGE,
    programs: SLOW_DIGEST,
    timeoutMs: 15_000,
  }),
  digestCase({
    name: 'large-stream',
    title: 'hands a stream of 8 MiB to a program that reads slowly',
    stdin: () =>
      (async function* pieces() {
        for (let at = 0; at < LARGE.length; at += 65_536) yield LARGE.subarray(at, at + 65_536);
      })(),
    content: LARGE,
    programs: SLOW_DIGEST,
    timeoutMs: 15_000,
  }),
];

const languageCases = [
  inEachLanguage({
    id: 'input/lines',
    title: "can be read line by line, with the language's own means",
    requires,
    programs: {
      python: 'import sys\ndef main():\n    first = input()\n    return [first, [line.rstrip("\\n") for line in sys.stdin]]\n',
      javascript:
        "const readline = require('node:readline');\nasync function main() {\n  const lines = [];\n" +
        '  for await (const line of readline.createInterface({ input: process.stdin })) lines.push(line);\n' +
        '  return [lines[0], lines.slice(1)];\n}\n',
      ecmascript: "function main() {\n  const lines = sandbox.input.readText().split('\\n');\n  return [lines[0], lines.slice(1)];\n}\n",
    },
    async run(context, { code, language }) {
      const stdin = streamOf(['first\nsec', 'ond 🦊\n', '\nlast']);
      expectValue(await context.execute({ code, language, stdin, limits: { timeoutMs: TIMEOUT_MS } }), [
        'first',
        ['second 🦊', '', 'last'],
      ]);
    },
  }),
  inEachLanguage({
    id: 'input/dialogue',
    title: 'reaches the program while it runs, so that the caller can answer what it prints',
    requires: ['stdin', 'streamsOutput'],
    programs: {
      python:
        'def main():\n    answers = []\n    for question in ("name?", "colour?", "sure?"):\n        print(question, flush=True)\n' +
        '        answers.append(input())\n    return answers\n',
      javascript:
        "const readline = require('node:readline');\nasync function main() {\n" +
        '  const reader = readline.createInterface({ input: process.stdin });\n  const lines = reader[Symbol.asyncIterator]();\n  const answers = [];\n' +
        "  for (const question of ['name?', 'colour?', 'sure?']) {\n    console.log(question);\n    answers.push((await lines.next()).value);\n  }\n" +
        '  reader.close();\n  return answers;\n}\n',
      ecmascript:
        "function main() {\n  const answers = [];\n  for (const question of ['name?', 'colour?', 'sure?']) {\n    console.log(question);\n" +
        '    answers.push(new TextDecoder().decode(sandbox.input.read()).trim());\n  }\n  return answers;\n}\n',
    },
    async run(context, { code, language }) {
      const stdin = new TransformStream<string, string>(undefined, { highWaterMark: 8 }, { highWaterMark: 8 });
      const answers = stdin.writable.getWriter();
      let printed = '';
      let answered = 0;
      const onOutput = async ({ text }: { text: string }) => {
        printed += text;
        const questions = printed.split('\n').slice(0, -1);
        for (; answered < questions.length; answered += 1) await answers.write(`answer to ${questions[answered]}\n`);
      };
      const call = context.execute({ code, language, stdin: stdin.readable, onOutput, limits: { timeoutMs: TIMEOUT_MS } });
      const result = await expectSettled(call, PATIENCE_MS, 'the call');
      expectValue(result, ['answer to name?', 'answer to colour?', 'answer to sure?']);
    },
  }),
  inOneLanguage({
    id: 'input/nothing-else',
    title: 'holds what the caller gave and nothing of the call itself',
    requires,
    programs: DIGEST,
    async run(context, { code, language }) {
      const limits = { timeoutMs: TIMEOUT_MS };
      const [first, second] = await Promise.all([
        context.execute({ code: `${code}\n`, language, stdin: 'first', limits }),
        context.execute({ code, language, stdin: 'second', limits }),
      ]);
      expectValue(first, digestOf('first'));
      expectValue(second, digestOf('second'));
      expectEqual([first.stdout, second.stdout], ['', ''], 'stdout');
    },
  }),
];

/** Standard input reaches the program whole, and no faster than it reads. */
export const inputCases: readonly ConformanceCase[] = [...wholeCases, ...languageCases, inputStreamCases].flat();
