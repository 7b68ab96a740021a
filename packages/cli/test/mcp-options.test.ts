import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { Interruption } from '../src/interruption.ts';
import { createReadyHome } from './run-in-process.ts';

test.each<[string, readonly string[], RegExp]>([
  ['an address for others without a token', ['--http', '0.0.0.0:0'], /0\.0\.0\.0 is reached from other machines/],
  ['such an address of IPv6', ['--http', '[::]:0'], /:: is reached from other machines/],
  ['a name that is looked up', ['--http', 'example.com:80'], /no other name/],
  ['no port', ['--http', 'localhost'], /an address and a port/],
  ['a port that is none', ['--http', '127.0.0.1:70000'], /an address and a port/],
  ['an address of another machine', ['--http', '192.0.2.1:0', '--token-file', 'TOKEN'], /cannot listen/],
  ['a token that is short', ['--http', '127.0.0.1:0', '--token-file', 'SHORT'], /--token-file: is not a token/],
  ['what is meant for HTTP', ['--allow-host', 'x'], /--allow-host: only together with --http/],
  ['a limit that nobody can keep', ['--cpus', '1000'], /limits\.cpus/],
  ['the same over HTTP', ['--cpus', '1000', '--http', '127.0.0.1:0'], /limits\.cpus/],
  ['a state that the provider cannot keep', ['--state', 'files'], /state/],
  ['a provider that is not carried', ['--provider', 'none'], /Use one of: fake/],
])('a command line that is wrong ends with 2, and nothing is served: %s', async (_what, words, message) => {
  const home = await createReadyHome();
  const files = new Map([
    ['TOKEN', 'a-token-of-this-test'],
    ['SHORT', 'short'],
  ]);
  const given = words.map((word) => (files.has(word) ? home.file(word, files.get(word) ?? '') : word));
  const { exitCode, stdout, stderr } = await home.run(['mcp', ...given]);
  expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
});

test('what cannot be served is told on stderr, with the code of any other command', async () => {
  const home = await createReadyHome();
  await home.run(['config', 'set', 'fake', 'level=1']);
  const absent = await home.run(['mcp', '--settings', `${home.homeFolder}/absent.sqlite`]);
  expect([absent.exitCode, absent.stdout, absent.stderr]).toEqual([3, '', expect.stringContaining('absent.sqlite')]);
});

test('a client that has gone away before it said anything ends it with 0', async () => {
  const home = await createReadyHome();
  expect(await home.run(['mcp'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('the token is of the variable where no file has it, and serves no other address without one', async () => {
  const home = await createReadyHome();
  const words = ['mcp', '--http', '127.0.0.1:0'];
  const controller = new AbortController();
  let told = '';
  const stderr = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      told += text;
      controller.abort(new Interruption('SIGTERM'));
      done();
    },
  });
  const environment = { SANDPORT_MCP_TOKEN: 'a-token-of-this-test' };
  expect((await home.run(words, { environment, stderr, signal: controller.signal })).exitCode).toBe(143);
  expect(told).toMatch(/at http:\/\/127\.0\.0\.1:\d+\/mcp, to whoever has the token/);
  const refused = await home.run(words, { environment: { SANDPORT_MCP_TOKEN: '' } });
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('SANDPORT_MCP_TOKEN: is not a token')]);
});
