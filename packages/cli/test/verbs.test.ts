import { describe, expect, test } from 'vitest';
import { EXIT_CODE_MEANINGS } from '../src/index.ts';
import { EXIT_CODES } from '../src/exit-code.ts';
import { createDryTree, leastWords, verbsOf } from './command-tree.ts';
import { createHome, documentOf } from './run-in-process.ts';
import { commandsOfLine } from './shell-words.ts';

const verbs = verbsOf(createDryTree()).map((verb) => [verb.words.join(' '), verb] as const);

/** The lines below "Examples:" in a help. */
function examplesOf(help: string): string[] {
  const lines = help.split('\nExamples:\n')[1]?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith('  $ ')).map((line) => line.slice(4));
}

test('there are verbs, and each is described', () => {
  expect(verbs.length).toBeGreaterThan(25);
  for (const [name, { command }] of verbs) {
    expect([name, command.description()]).toEqual([name, expect.stringMatching(/^[a-z].*[^.]$/)]);
    for (const { flags, description } of command.options)
      expect([name, flags, description]).toEqual([name, flags, expect.stringMatching(/\S/)]);
    for (const argument of command.registeredArguments) expect([name, argument.description]).toEqual([name, expect.stringMatching(/\S/)]);
  }
});

describe.each(verbs)('%s', (name, verb) => {
  test('takes --json, --settings and --debug, and its help has all of its options', async () => {
    const { exitCode, stdout, stderr } = await createHome().run([...verb.words, '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: sandport ${name} `);
    const longs = verb.command.options.map(({ long }) => long ?? '');
    expect(longs).toEqual(expect.arrayContaining(['--json', '--settings', '--debug']));
    for (const long of longs) expect(stdout).toContain(long);
  });

  test('its help has examples that it understands', async () => {
    const examples = examplesOf((await createHome().run([...verb.words, '--help'])).stdout);
    const called: string[] = [];
    for (const example of examples) {
      const commands = commandsOfLine(example).filter(([program]) => program === 'sandport');
      for (const [, ...words] of commands) {
        const tree = createDryTree((path) => called.push(path.join(' ')));
        await expect(tree.parseAsync(words, { from: 'user' }), example).resolves.toBe(tree);
      }
    }
    expect(called).toContain(name);
  });

  test('with --json, a line that it does not understand is told by one document', async () => {
    const outcome = await createHome().run([...verb.words, '--json', '--no-such-option']);
    expect([outcome.exitCode, outcome.stderr]).toEqual([EXIT_CODES.usage, '']);
    expect(documentOf(outcome)).toMatchObject({ status: 'error', error: { code: 'REQUEST_INVALID' } });
  });

  test('with --json it writes one document, and no escape character goes into a pipe', async () => {
    const home = createHome({ environment: {} });
    const outcome = await home.run([...leastWords(verb), '--json']);
    expect(documentOf(outcome)).toBeTypeOf('object');
    const { stdout, stderr } = await home.run(leastWords(verb));
    expect(stdout + stderr).not.toBe('');
    expect(outcome.stderr + stdout + stderr).not.toContain('\u001b');
  });
});

test('every exit code has a meaning, in the help and by the number', async () => {
  const numbers = EXIT_CODE_MEANINGS.map(({ exitCode }) => exitCode);
  expect(numbers).toEqual(expect.arrayContaining([...Object.values(EXIT_CODES), 130, 141, 143]));
  expect(new Set(numbers).size).toBe(numbers.length);
  const { stdout } = await createHome().run(['--help']);
  for (const exitCode of numbers) expect(stdout).toMatch(new RegExp(String.raw`^ {2}${exitCode} +\S`, 'm'));
});

test('a word behind -- or behind an option that takes one asks for no document', async () => {
  const home = createHome();
  expect((await home.run(['run', '--no-such-option', '--', '--json'])).stdout).toBe('');
  expect(await home.run(['run', 'absent.py', '--args', '--json'])).toMatchObject({ exitCode: 2, stdout: '' });
});
