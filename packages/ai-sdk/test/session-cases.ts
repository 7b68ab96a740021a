import type { Experimental_SandboxSession } from 'ai';
import { expect } from 'vitest';
import type { SandboxSession } from '../src/index.ts';

const text = async (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

/** What a session has to do, whichever sandbox is behind it. */
export const SESSION_CASES: readonly (readonly [string, (session: SandboxSession) => Promise<void>])[] = [
  [
    'runs a command and tells its exit code and both of its streams apart',
    async (session) => {
      const command = 'printf "out $WORD"; printf "err" >&2; exit 3';
      expect(await session.run({ command, env: { WORD: 'it is' } })).toEqual({ exitCode: 3, stdout: 'out it is', stderr: 'err' });
      expect(await session.run({ command: 'kill -TERM $$' })).toEqual({ exitCode: 143, stdout: '', stderr: '' });
      expect(await session.run({ command: 'echo \'{"exitCode": 0}\'; exit 7' })).toMatchObject({ exitCode: 7 });
      expect(await session.run({ command: 'cat' })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    },
  ],
  [
    'begins in the work folder, or where it is told to',
    async (session) => {
      const { defaultWorkingDirectory: folder } = session;
      await session.writeTextFile({ path: `${folder}/one/two.txt`, content: 'deep' });
      expect((await session.run({ command: 'pwd' })).stdout).toBe(`${folder}\n`);
      expect((await session.run({ command: 'cat two.txt', workingDirectory: 'one' })).stdout).toBe('deep');
      expect((await session.run({ command: 'cat two.txt', workingDirectory: `${folder}/one` })).stdout).toBe('deep');
      await expect(session.run({ command: 'pwd', workingDirectory: 'nowhere' })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
        details: { field: 'workingDirectory' },
      });
    },
  ],
  [
    'reads and writes files, whole, in parts and as streams',
    async (session) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await session.writeBinaryFile({ path: 'all.bin', content: bytes });
      expect(new Uint8Array((await session.readBinaryFile({ path: 'all.bin' })) ?? [])).toEqual(bytes);
      await session.writeFile({ path: 'streamed/all.bin', content: ReadableStream.from([bytes, bytes]) });
      expect(await session.run({ command: 'wc -c < streamed/all.bin && cmp -n 256 all.bin streamed/all.bin' })).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('512') as unknown,
      });
      const stream = await session.readFile({ path: 'streamed/all.bin' });
      if (stream === null) throw new Error('the file is not there');
      expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(new Uint8Array([...bytes, ...bytes]));
      await session.writeTextFile({ path: 'text.txt', content: 'one\ntwo\nthree\n' });
      expect(await session.readTextFile({ path: 'text.txt', startLine: 2, endLine: 99 })).toBe('two\nthree\n');
      expect(await session.readTextFile({ path: 'text.txt', encoding: 'base64' })).toBe('b25lCnR3bwp0aHJlZQo=');
      expect(await session.readTextFile({ path: 'not-there.txt' })).toBeNull();
      expect(await session.readFile({ path: 'not/there.txt' })).toBeNull();
    },
  ],
  [
    'lets go of a file that is not read to its end',
    async (session) => {
      await session.writeBinaryFile({ path: 'large.bin', content: new Uint8Array(1_000_000) });
      const stream = await session.readFile({ path: 'large.bin' });
      await stream?.cancel();
      expect(await session.run({ command: 'echo free' })).toMatchObject({ stdout: 'free\n' });
    },
  ],
  [
    'looks at paths, lists folders and deletes files',
    async (session) => {
      await session.run({
        command: 'mkdir -p looked/inner && printf 12345 > looked/file && ln -s file looked/link && ln -s / looked/root',
      });
      expect(await session.stat({ path: 'looked/link' })).toEqual({ type: 'file', size: 5 });
      expect(await session.stat({ path: 'looked' })).toMatchObject({ type: 'directory' });
      expect(await session.stat({ path: '/dev/null' })).toMatchObject({ type: 'other' });
      expect(await session.stat({ path: 'looked/file/below' })).toBeNull();
      const entries = await session.listDirectory({ path: 'looked' });
      expect(entries?.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual([
        { name: 'file', type: 'file' },
        { name: 'inner', type: 'directory' },
        { name: 'link', type: 'symlink' },
        { name: 'root', type: 'symlink' },
      ]);
      expect(await session.listDirectory({ path: 'nowhere' })).toBeNull();
      await expect(session.listDirectory({ path: 'looked/file' })).rejects.toMatchObject({ details: { field: 'path' } });
      expect(await session.deleteFile({ path: 'looked/link' })).toBe(true);
      expect(await session.stat({ path: 'looked/file' })).toMatchObject({ type: 'file' });
      expect(await session.deleteFile({ path: 'looked/link' })).toBe(false);
      await expect(session.deleteFile({ path: 'looked/inner' })).rejects.toMatchObject({ details: { field: 'path' } });
    },
  ],
  [
    'gives the output of a process while it runs, and takes its input',
    async (session) => {
      const spawned = await session.spawn({ command: 'while read -r line; do echo "got $line"; done; echo over >&2; exit 4', stdin: true });
      if (!('stdin' in spawned)) throw new Error('it takes no input');
      const input = spawned.stdin.getWriter();
      const output = spawned.stdout.getReader();
      for (const word of ['one', 'two']) {
        await input.write(Buffer.from(`${word}\n`));
        expect(Buffer.from((await output.read()).value ?? []).toString()).toBe(`got ${word}\n`);
      }
      await input.close();
      expect(await spawned.wait()).toEqual({ exitCode: 4 });
      expect((await output.read()).done).toBe(true);
      expect(await text(spawned.stderr)).toBe('over\n');
    },
  ],
  [
    'kills a process, as often as it is asked to, and its children with it',
    async (session) => {
      const spawned = await session.spawn({ command: 'echo begun; sleep 1000' });
      await spawned.stdout.getReader().read();
      await Promise.all([spawned.kill(), spawned.kill()]);
      expect(await spawned.wait()).toEqual({ exitCode: 137 });
      expect(await session.run({ command: 'sleep 1000 & echo left' })).toMatchObject({ exitCode: 0, stdout: 'left\n' });
    },
  ],
  [
    'ends what is aborted, with the reason of the signal',
    async (session) => {
      const abort = new AbortController();
      const reason = new Error('the user left');
      const spawned = await session.spawn({ command: 'echo begun; sleep 1000', abortSignal: abort.signal });
      const output = spawned.stdout.getReader();
      await output.read();
      abort.abort(reason);
      await expect(spawned.wait()).rejects.toBe(reason);
      await expect(output.read()).rejects.toBe(reason);
      await expect(session.run({ command: 'echo', abortSignal: abort.signal })).rejects.toBe(reason);
      await expect(session.readTextFile({ path: 'a', abortSignal: abort.signal })).rejects.toBe(reason);
      await expect(session.stat({ path: 'a', abortSignal: abort.signal })).rejects.toBe(reason);
      expect(await session.run({ command: 'echo again' })).toMatchObject({ stdout: 'again\n' });
    },
  ],
];

/** Input that a model may have written into a tool which hands it on. */
export const HOSTILE_CALLS: readonly (readonly [string, (session: Experimental_SandboxSession) => PromiseLike<unknown>])[] = [
  ['command', (session) => session.run({ command: '' })],
  ['command', (session) => session.run({ command: 'echo \0' })],
  ['command', (session) => session.run({ command: 'x'.repeat(200_000) })],
  ['command', (session) => session.run({ command: ['ls'] as unknown as string })],
  ['env.A=B', (session) => session.run({ command: 'ls', env: { 'A=B': 'x' } })],
  ['env.A', (session) => session.run({ command: 'ls', env: { A: 1 as unknown as string } })],
  ['workingDirectory', (session) => session.spawn({ command: 'ls', workingDirectory: '' })],
  ['path', (session) => session.readTextFile({ path: '../outside' })],
  ['path', (session) => session.readTextFile({ path: 'a/../../outside' })],
  ['path', (session) => session.readBinaryFile({ path: '/etc/passwd' })],
  ['path', (session) => session.writeTextFile({ path: '/tmp/x', content: '' })],
  ['path', (session) => session.writeTextFile({ path: '.', content: '' })],
  ['path', (session) => session.readFile({ path: 'a\0b' })],
  ['path', (session) => session.stat({ path: '' })],
  ['encoding', (session) => session.readTextFile({ path: 'a', encoding: 'utf-99' })],
  ['startLine', (session) => session.readTextFile({ path: 'a', startLine: 0 })],
  ['content', (session) => session.writeTextFile({ path: 'a', content: 1 as unknown as string })],
  ['content', (session) => session.writeBinaryFile({ path: 'a', content: 'text' as unknown as Uint8Array })],
  ['content', (session) => session.writeFile({ path: 'a', content: 'text' as unknown as ReadableStream<Uint8Array> })],
];
