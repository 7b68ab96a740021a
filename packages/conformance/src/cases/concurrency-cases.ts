import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectValue } from '../expectations.ts';

const CALLS = 8;

/** Calls at the same time. */
export const concurrencyCases: readonly ConformanceCase[] = [
  inOneLanguage({
    id: 'concurrency/no-mixing',
    title: 'keeps arguments, output, values and files of calls at the same time apart',
    programs: {
      python:
        'import time\ndef main(word):\n    open("word", "w").write(word)\n    for n in range(40):\n        print(word, n, flush=True)\n' +
        '        time.sleep(0.002)\n    return open("word").read()\n',
      javascript:
        "const fs = require('node:fs');\nasync function main({ word }) {\n  fs.writeFileSync('word', word);\n  for (let n = 0; n < 40; n += 1) {\n" +
        "    console.log(word, n);\n    await new Promise((done) => setTimeout(done, 2));\n  }\n  return fs.readFileSync('word', 'utf8');\n}\n",
    },
    async run(context, { code, language }) {
      const words = Array.from({ length: CALLS }, (_, n) => `word-${n}`);
      const results = await Promise.all(words.map((word) => context.execute({ code, language, arguments: { word } })));
      for (const [index, word] of words.entries()) {
        const result = results[index];
        if (result === undefined) continue;
        expectValue(result, word);
        expectEqual(result.stdout, Array.from({ length: 40 }, (_, n) => `${word} ${n}\n`).join(''), 'stdout');
      }
    },
  }),
  inOneLanguage({
    id: 'concurrency/failing-neighbour',
    title: 'lets no call suffer from a neighbour that fails, crashes or never ends',
    programs: {
      python:
        'import os, time\ndef main(fate):\n    if fate == "fails":\n        raise ValueError("fails")\n    if fate == "crashes":\n        os.abort()\n' +
        '    time.sleep(6 if fate == "sleeps" else 0.2)\n    return fate\n',
      javascript:
        "async function main({ fate }) {\n  if (fate === 'fails') throw new Error('fails');\n  if (fate === 'crashes') process.abort();\n" +
        "  await new Promise((done) => setTimeout(done, fate === 'sleeps' ? 6000 : 200));\n  return fate;\n}\n",
    },
    async run(context, { code, language }) {
      const call = (fate: string, timeoutMs: number) => context.execute({ code, language, arguments: { fate }, limits: { timeoutMs } });
      const [fails, crashes, sleeps, works, worksToo] = await Promise.all([
        call('fails', 10_000),
        call('crashes', 10_000),
        call('sleeps', 500),
        call('works', 10_000),
        call('works', 10_000),
      ]);
      expectStatus(fails, 'failed');
      expectStatus(crashes, 'failed');
      expectStatus(sleeps, 'timed-out');
      expectValue(works, 'works');
      expectValue(worksToo, 'works');
    },
  }),
].flat();
