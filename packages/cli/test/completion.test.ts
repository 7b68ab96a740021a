import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bashScript } from '../src/completion/bash-script.ts';
import { completionTree } from '../src/completion/completion-tree.ts';
import { fishScript } from '../src/completion/fish-script.ts';
import { zshScript } from '../src/completion/zsh-script.ts';
import { createDryTree, verbsOf } from './command-tree.ts';
import { createHome, documentOf } from './run-in-process.ts';

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof SHELLS;

const isInstalled = (shell: Shell): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** Names that would make a file called "pwned", were they expanded or run. */
const HOSTILE = ['$(touch pwned)', '`touch pwned`', "'; touch pwned; '", '"; touch pwned; "', '(touch pwned)', String.raw`\'; touch pwned`];

const PROVIDERS = ['wasm', 'docker'];

/** A tree whose choices, ids and descriptions are hostile. */
function hostileTree() {
  const program = new Command('sandport').addCommand(
    new Command('try')
      .description('$(touch pwned) `touch pwned`')
      .addArgument(new Argument('<what>').choices(HOSTILE))
      .addOption(new Option('--pick <what>', "'; touch pwned; '").choices(HOSTILE)),
  );
  return completionTree(program, HOSTILE);
}

function createFolder(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandport-completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'script'), script);
  return folder;
}

/** What each shell offers behind the words of a line; the last word is what has been typed of the next one. */
const OFFER: Readonly<Record<Shell, (folder: string, words: readonly string[]) => string[]>> = {
  bash: (folder, words) => {
    const program = 'source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sandport; printf "%s\\n" "${COMPREPLY[@]}"';
    return linesOf(execFileSync('bash', ['--norc', '-c', program, 'bash', ...words], { cwd: folder, encoding: 'utf8' }));
  },
  // The functions of its completion system are there in a terminal only.
  zsh: (folder, words) => {
    const system =
      'compdef() { : }; compset() { : }; _files() { : }; compadd() { shift; print -rl -- "$@" }; _describe() { print -rl -- "${(@P)@[-1]}" };';
    const program = `${system} source ./script; words=("$@"); CURRENT=$#; _sandport`;
    const offered = linesOf(execFileSync('zsh', ['-f', '-c', program, 'zsh', ...words], { cwd: folder, encoding: 'utf8' }));
    const typed = words.at(-1) ?? '';
    return offered.map((line) => line.replace(/(?<!\\):.*$/, '')).filter((word) => word.startsWith(typed));
  },
  fish: (folder, words) => {
    const program = 'source ./script; complete -C "$argv"';
    const offered = linesOf(execFileSync('fish', ['--no-config', '-c', program, ...words], { cwd: folder, encoding: 'utf8' }));
    return offered.map((line) => line.replace(/\t.*$/, ''));
  },
};

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

describe.each(Object.keys(SHELLS) as Shell[])('the script for %s', (shell) => {
  const script = SHELLS[shell](completionTree(createDryTree(), PROVIDERS));

  test('is what the command prints, and stands in the document of --json', async () => {
    const home = createHome();
    const { exitCode, stdout } = await home.run(['completion', shell]);
    expect([exitCode, stdout]).toEqual([0, SHELLS[shell](completionTree(createDryTree(), ['fake', 'other']))]);
    expect(documentOf(await home.run(['completion', shell, '--json']))).toEqual({ shell, script: stdout });
  });

  test('knows every verb and each of its options', () => {
    for (const { words, command } of verbsOf(createDryTree())) {
      expect(script).toContain(`sandport ${words.join(' ')}`);
      for (const { long } of command.options) expect(script).toContain(long?.replace(shell === 'fish' ? /^--/ : /^$/, '') ?? '');
    }
  });

  test.runIf(isInstalled(shell))('is understood by the shell', () => {
    const folder = createFolder(script);
    execFileSync(shell, ['-n', 'script'], { cwd: folder });
  });

  test.runIf(isInstalled(shell)).each([
    [
      ['sandport', 'conf'],
      ['config', 'configure', 'conformance'],
    ],
    [
      ['sandport', 'config', 'policy', ''],
      ['remove', 'set'],
    ],
    [
      ['sandport', '--settings', 'run', 'settings', ''],
      ['migrate', 'status'],
    ],
    [
      ['sandport', 'images', 'build', '--profile', ''],
      ['all', 'data', 'minimal'],
    ],
    [
      ['sandport', 'completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [
      ['sandport', 'config', 'use', ''],
      ['docker', 'wasm'],
    ],
    [['sandport', 'doctor', '--provider', 'd'], ['docker']],
    [['sandport', 'config', 'fallback', 'docker', 'w'], ['wasm']],
    [['sandport', 'config', 'history', '--li'], ['--limit']],
  ])('offers behind %j', (words, offered) => {
    expect(OFFER[shell](createFolder(script), words).toSorted()).toEqual(offered);
  });

  test.runIf(isInstalled(shell))('runs nothing of what stands on the line, or beside it', () => {
    const folder = createFolder(script);
    for (const word of HOSTILE) writeFileSync(join(folder, word), '');
    for (const word of HOSTILE) {
      OFFER[shell](folder, ['sandport', word, '--settings', word, 'run', word]);
      OFFER[shell](folder, ['sandport', 'images', 'build', word, '--profile', word]);
    }
    expect(readdirSync(folder).toSorted()).toEqual([...HOSTILE, 'script'].toSorted());
  });

  test.runIf(isInstalled(shell)).each([[['sandport', 'try', '']], [['sandport', 'try', '--pick', '']]])(
    'runs nothing of what the command is made of: %j',
    (words) => {
      const folder = createFolder(SHELLS[shell](hostileTree()));
      const offered = OFFER[shell](folder, words);
      if (shell === 'zsh') expect(offered).toEqual(HOSTILE);
      else expect(offered).toHaveLength(HOSTILE.length);
      // What bash puts on the line is one word, too, when the line is run.
      if (shell === 'bash') {
        const program = `printf '%s\\n' ${offered.join(' ')}`;
        expect(linesOf(execFileSync('bash', ['--norc', '-c', program], { cwd: folder, encoding: 'utf8' }))).toEqual(HOSTILE);
      }
      expect(readdirSync(folder)).toEqual(['script']);
    },
  );
});

test('bash cuts a word at "=", and what is offered behind it is the same', () => {
  const folder = createFolder(bashScript(completionTree(createDryTree(), PROVIDERS)));
  expect(OFFER.bash(folder, ['sandport', 'images', 'build', '--profile', '='])).toEqual(['minimal', 'data', 'all']);
  expect(OFFER.bash(folder, ['sandport', 'images', 'build', '--profile', '=', 'mi'])).toEqual(['minimal']);
  expect(OFFER.bash(folder, ['sandport', 'images', 'build', '--profile', '=', 'data', '--lan'])).toEqual(['--language']);
});

test('a shell that nobody knows is refused', async () => {
  expect((await createHome().run(['completion', 'tcsh'])).exitCode).toBe(2);
});
