import { describe, expect, test } from 'vitest';
import { createReadyHome, documentOf } from './run-in-process.ts';

describe('what a program is given', () => {
  test('arguments from the command line or from a file', async () => {
    const home = await createReadyHome();
    const text = '{"a": [true, null, "it\'s"]}';
    const direct = await home.run(['run', '-', '--json', '--args', text], { input: 'arguments' });
    const fromFile = await home.run(['run', '-', '--json', '--args-file', home.file('args.json', text)], { input: 'arguments' });
    for (const outcome of [direct, fromFile]) expect(documentOf(outcome)['value']).toEqual({ a: [true, null, "it's"] });
  });

  test.each([
    ['p.py', [], 'python'],
    ['p.js', [], 'javascript'],
    ['p.MJS', [], 'javascript'],
    ['p.cjs', [], 'javascript'],
    ['p.txt', ['--language', 'node'], 'javascript'],
    ['p.js', ['--language', 'python3'], 'python'],
  ])('%s %j is %s', async (name, options, language) => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', home.file(name, 'request'), '--json', ...options]);
    expect(documentOf(outcome)['value']).toEqual({ language, timeoutMs: 30_000 });
  });

  test.each([
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
  ])('--timeout %s is %d ms', async (text, timeoutMs) => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', '-', '--json', '--timeout', text], { input: 'request' });
    expect(documentOf(outcome)['value']).toEqual({ language: 'python', timeoutMs });
  });

  test('memory and processors', async () => {
    const home = await createReadyHome();
    const outcome = await home.run(['run', '-', '--json', '--memory', '1.5GiB', '--cpus', '0.5'], { input: 'limits' });
    expect(documentOf(outcome)['value']).toEqual({ memoryBytes: 1.5 * 1024 ** 3, cpus: 0.5 });
    expect(documentOf(await home.run(['run', '-', '--json', '--memory', '256m'], { input: 'limits' }))['value']).toEqual({
      memoryBytes: 256 * 1024 ** 2,
    });
  });

  test('its standard input, from a file or from that of the command', async () => {
    const home = await createReadyHome();
    const program = home.file('p.py', 'stdin');
    const text = 'ä'.repeat(100_000);
    const fromFile = await home.run(['run', program, '--json', '--stdin', home.file('words.txt', text)]);
    const passedOn = await home.run(['run', program, '--json', '--stdin', '-'], { input: text });
    for (const outcome of [fromFile, passedOn]) expect(documentOf(outcome)['value']).toBe(text);
    expect(documentOf(await home.run(['run', program, '--json'], { input: text }))['value']).toBe('');
  });

  test('files, several of them', async () => {
    const home = await createReadyHome();
    const local = home.file('local.csv', 'a=1');
    const words = ['run', '-', '--json', '--file', `in/x.csv=${local}`, '--file', `y=${local}`];
    expect(documentOf(await home.run(words, { input: 'files' }))['value']).toEqual({ 'in/x.csv': 'a=1', y: 'a=1' });
  });

  test('a provider other than the one in use, without changing what is stored', async () => {
    const home = await createReadyHome();
    await home.run(['config', 'set', 'other', 'level=2']);
    const outcome = await home.run(['run', '-', '--json', '--provider', 'other'], { input: 'value 1' });
    expect(documentOf(outcome)['providerId']).toBe('other');
    expect(documentOf(await home.run(['config', 'get', '--json']))['providerType']).toBe('fake');
  });
});
