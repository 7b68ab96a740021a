import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';
import { awaitedLater } from './awaited-later.ts';
import { expectThrown } from './expect-thrown.ts';
import { readPieces } from './read-pieces.ts';
import { watchedStream } from './watched-stream.ts';

const requires = ['files'] as const;
const MEBIBYTE = 1024 * 1024;
const LARGE_BYTES = 24 * MEBIBYTE;
/** A piece of a large file that is larger than this would have the file in memory. */
const PIECE_BYTES = 8 * MEBIBYTE;
const PATIENCE_MS = 5000;
const ESCAPES = ['../x', '/etc/x', 'a/../../x', 'a\\b', '', '.', 'a//b', 'nul\0l', 'x'.repeat(513)];

const DIGEST = {
  python: 'import hashlib\ndef main(path):\n    return hashlib.sha256(open(path, "rb").read()).hexdigest()\n',
  javascript:
    "const { createHash } = require('node:crypto');\nconst fs = require('node:fs');\n" +
    "const main = ({ path }) => createHash('sha256').update(fs.readFileSync(path)).digest('hex');\n",
};

/** Bytes that repeat at no power of two, so that a piece out of its place shows. */
const content = (bytes: number) => Buffer.alloc(bytes, 'sandport of 17 b.');

async function* piecesOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const wholeCases = [
  inOneLanguage({
    id: 'files/stream-large',
    title: 'takes a file of 24 MiB in pieces and gives it back in pieces',
    requires,
    deadlineMs: 60_000,
    programs: DIGEST,
    async run(context, { code, language }) {
      const large = content(LARGE_BYTES);
      const sha256 = createHash('sha256').update(large).digest('hex');
      const sandbox = await context.createSandbox({ language });
      await sandbox.writeFile('data/large.bin', piecesOf(large, [262_144]));
      const pieces = await readPieces(sandbox.readFileStream('data/large.bin'));
      const largest = Math.max(...pieces.map(({ length }) => length));
      expectTrue(pieces.length > 1 && largest <= PIECE_BYTES, 'largest piece', largest, `at most ${PIECE_BYTES}`);
      const digest = createHash('sha256');
      for (const piece of pieces) digest.update(piece);
      expectEqual(digest.digest('hex'), sha256, 'SHA-256 of what was read');
      expectValue(await sandbox.execute({ code, language, arguments: { path: 'data/large.bin' } }, { signal: context.signal }), sha256);
    },
  }),
  withoutProgram({
    id: 'files/stream-uneven',
    title: 'puts pieces of any size together, also empty ones, and writes an empty file from an empty stream',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      const bytes = content(300_001);
      await sandbox.writeFile('uneven', piecesOf(bytes, [1, 0, 65_537, 3, 0, 100_000]));
      expectTrue(bytes.equals(await sandbox.readFile('uneven')), 'the file is what was written');
      expectTrue(bytes.equals(Buffer.concat(await readPieces(sandbox.readFileStream('uneven')))), 'the stream is what was written');
      await sandbox.writeFile('uneven', piecesOf(Buffer.alloc(0), [1]));
      expectEqual((await sandbox.readFile('uneven')).byteLength, 0, 'size of the file that was written from an empty stream');
      expectEqual(Buffer.concat(await readPieces(sandbox.readFileStream('uneven'))).length, 0, 'bytes of the stream of an empty file');
    },
  }),
  withoutProgram({
    id: 'files/stream-throws',
    title: 'throws what the stream of a file threw, leaves what came before and stays usable',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      const thrown = new Error('the source broke off');
      const bytes = content(MEBIBYTE);
      const failing = (async function* pieces() {
        yield bytes;
        await delay(20);
        throw thrown;
      })();
      const call = Promise.allSettled([sandbox.writeFile('half', failing)]);
      await expectThrown(expectSettled(call, PATIENCE_MS, 'the call whose stream failed'), thrown);
      const left = Buffer.from(await sandbox.readFile('half'));
      expectTrue(left.length <= bytes.length && left.equals(bytes.subarray(0, left.length)), 'what was left is the beginning', left.length);
      await sandbox.writeFile('half', 'whole');
      expectEqual(Buffer.from(await sandbox.readFile('half')).toString(), 'whole', 'the file, written anew');
    },
  }),
  withoutProgram({
    id: 'files/stream-wrong-piece',
    title: 'refuses a stream of a file that gives something else than bytes, and stays usable',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      const wrong = (async function* pieces() {
        yield content(10);
        yield 42 as unknown as Uint8Array;
      })();
      await expectRefusal(expectSettled(sandbox.writeFile('wrong', wrong), PATIENCE_MS, 'the call'), 'REQUEST_INVALID', 'content');
      await sandbox.writeFile('right', 'right');
      expectEqual(Buffer.from(await sandbox.readFile('right')).toString(), 'right', 'the next file');
    },
  }),
];

const doorCases = [
  withoutProgram({
    id: 'files/stream-escapes',
    title: 'streams nothing outside the work folder, and takes nothing of a stream that it refuses',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      for (const path of ESCAPES) {
        const stream = watchedStream(() => content(10));
        await expectRefusal(sandbox.writeFile(path, stream), 'REQUEST_INVALID', 'path');
        expectEqual(stream.taken, 0, `pieces taken for ${JSON.stringify(path.slice(0, 20))}`);
        await expectRefusal(readPieces(sandbox.readFileStream(path)), 'REQUEST_INVALID', 'path');
      }
    },
  }),
  withoutProgram({
    id: 'files/stream-missing',
    title: 'says FILE_NOT_FOUND in the first step of a stream, and costs nothing before',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      await sandbox.writeFile('folder/file', 'x');
      const unread = sandbox.readFileStream('missing');
      for (const path of ['missing', 'missing/below', 'folder', 'folder/file/below']) {
        await expectRefusal(readPieces(sandbox.readFileStream(path)), 'FILE_NOT_FOUND');
      }
      const written = expectSettled(sandbox.writeFile('next', 'x'), PATIENCE_MS, 'a call beside a stream that nobody reads');
      await written;
      await expectRefusal(readPieces(unread), 'FILE_NOT_FOUND');
    },
  }),
  inEachLanguage({
    id: 'files/special',
    title: 'waits for no pipe that the program made, and writes through none and through no link',
    requires,
    programs: {
      python:
        'import os\nif hasattr(os, "mkfifo"):\n    os.mkfifo("queue")\nos.mkdir("real")\nos.symlink("real", "inside")\nos.symlink("/tmp", "outside")\n' +
        'os.symlink("real/new", "file")\n',
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      expectStatus(await sandbox.execute({ code, language }, { signal: context.signal }), 'completed');
      await expectSettled(expectRefusal(sandbox.readFile('queue'), 'FILE_NOT_FOUND'), PATIENCE_MS, 'reading a pipe');
      // Where there are no pipes with names, there is nothing to be careful of.
      const pipes = context.capabilities.subprocesses ? ['queue'] : [];
      for (const path of [...pipes, 'real', 'inside/x', 'outside/x', 'file']) {
        const write = expectRefusal(sandbox.writeFile(path, 'x'), ['REQUEST_INVALID', 'FILE_NOT_FOUND'], 'path');
        await expectSettled(write, PATIENCE_MS, `writing to "${path}"`);
      }
      await expectRefusal(sandbox.readFile('real/new'), 'FILE_NOT_FOUND');
    },
  }),
];

const turnCases = [
  inOneLanguage({
    id: 'files/stream-let-go',
    title: 'serves the next call when a stream is let go of before its end',
    requires,
    programs: { python: 'def main():\n    return "next"\n', javascript: "const main = () => 'next';\n" },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      await sandbox.writeFile('large.bin', content(12 * MEBIBYTE));
      for await (const piece of sandbox.readFileStream('large.bin')) {
        expectTrue(piece.byteLength > 0, 'bytes of the first piece');
        break;
      }
      const next = sandbox.execute({ code, language }, { signal: context.signal });
      expectValue(await expectSettled(next, PATIENCE_MS, 'the call after the stream'), 'next');
    },
  }),
  withoutProgram({
    id: 'files/stream-holds',
    title: 'lets other calls wait until a stream is read',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language });
      const bytes = content(12 * MEBIBYTE);
      await sandbox.writeFile('large.bin', bytes);
      const stream = sandbox.readFileStream('large.bin')[Symbol.asyncIterator]();
      const first = await stream.next();
      let isWritten = false;
      const writing = awaitedLater(
        sandbox.writeFile('large.bin', 'replaced').then(() => {
          isWritten = true;
        }),
      );
      await delay(400);
      expectEqual(isWritten, false, 'the file is replaced while it is read');
      const rest = await readPieces({ [Symbol.asyncIterator]: () => stream });
      const all = Buffer.concat([first.value ?? new Uint8Array(), ...rest]);
      expectTrue(bytes.equals(all), 'the stream is the file as it was', all.length, bytes.length);
      await expectSettled(writing, PATIENCE_MS, 'the call that waited');
      expectEqual(Buffer.from(await sandbox.readFile('large.bin')).toString(), 'replaced', 'the file afterwards');
    },
  }),
];

/** Files that go in and out in pieces. */
export const fileStreamCases: readonly ConformanceCase[] = [...wholeCases, ...doorCases, ...turnCases].flat();
