import { PassThrough, Writable } from 'node:stream';
import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import type { CliContext, TextInput } from '../cli-context.ts';
import { Interruption } from '../interruption.ts';
import { promptSecret } from './prompt-secret.ts';

const FIELD = { name: 'apiKey', instead: 'give it with --secret-file apiKey=PATH' };

/** A keyboard: what is typed comes key by key while the terminal is raw. */
function createTerminal(signal = new AbortController().signal) {
  const modes: boolean[] = [];
  const keyboard = new PassThrough();
  const stdin: TextInput = Object.assign(keyboard, { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  let shown = '';
  const stderr = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      shown += text;
      done();
    },
  });
  // Nothing else of the context is looked at.
  const context = { stdin, stderr, signal } as unknown as CliContext;
  return { keyboard, modes, context, shown: () => shown };
}

async function ask(...typed: (string | Uint8Array)[]) {
  const terminal = createTerminal();
  const answer = promptSecret(terminal.context, FIELD);
  for (const keys of typed) terminal.keyboard.write(keys);
  const [outcome] = await Promise.allSettled([answer]);
  return { ...terminal, outcome };
}

describe('a secret that is typed', () => {
  test.each([
    ['a line', ['hunter2\r'], 'hunter2'],
    ['key by key', ['h', 'i', '\n'], 'hi'],
    ['with a mistake', ['hx\u007fi\r'], 'hi'],
    ['with another backspace', ['hx\bi\r'], 'hi'],
    ['anew', ['wrong\u0015right\r'], 'right'],
    ['with the end of input', ['hi\u0004'], 'hi'],
    ['with a character of several bytes, in pieces', [Buffer.from([0xc3]), Buffer.from([0xa4, 0x0d])], 'ä'],
    ['with characters beyond the first plane', ['a😀\u007fb\r'], 'ab'],
    ['with both line ends', ['hi\r\n'], 'hi'],
    ['nothing', ['\r'], ''],
  ])('%s is taken as it is meant', async (_, typed, secret) => {
    const { outcome } = await ask(...typed);
    expect(outcome).toEqual({ status: 'fulfilled', value: secret });
  });

  test('is not shown, and the terminal is given back', async () => {
    const { shown, modes, keyboard } = await ask('hunter2\r');
    expect(shown()).toBe('apiKey (not shown): \n');
    expect([modes, keyboard.isPaused(), keyboard.listenerCount('data')]).toEqual([[true, false], true, 0]);
  });

  test.each([
    ['several lines', 'first\nsecond\n'],
    ['an arrow key', 'a\u001b[Db\r'],
    ['a tabulator', 'a\tb\r'],
  ])('with %s is refused, since nobody would see what became of it', async (_, typed) => {
    const { outcome, modes, shown } = await ask(typed);
    const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
    expect(reason).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(SandboxError.isInstance(reason) && reason.suggestion).toContain('--secret-file apiKey=PATH');
    expect(modes).toEqual([true, false]);
    expect(shown()).not.toContain('first');
  });
});

test('several secrets are asked for one after the other', async () => {
  const { context, keyboard } = createTerminal();
  for (const secret of ['first', 'second']) {
    const answer = promptSecret(context, FIELD);
    keyboard.write(`${secret}\r`);
    await expect(answer).resolves.toBe(secret);
  }
});

describe('a person who gives up', () => {
  test('with Ctrl-C ends the command as SIGINT would', async () => {
    const { outcome, modes } = await ask('hunter\u0003');
    const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
    expect(reason).toMatchObject({ code: 'CANCELLED' });
    expect(SandboxError.isInstance(reason) && reason.cause).toEqual(new Interruption('SIGINT'));
    expect(modes).toEqual([true, false]);
  });

  test('with the end of input has given nothing', async () => {
    expect((await ask('\u0004')).outcome).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
  });

  test('by closing the terminal has given nothing', async () => {
    const { keyboard, context } = createTerminal();
    const answer = promptSecret(context, FIELD);
    keyboard.end('half');
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('is not waited for when the command is interrupted', async () => {
    const controller = new AbortController();
    const { context, modes } = createTerminal(controller.signal);
    const answer = promptSecret(context, FIELD);
    controller.abort(new Interruption('SIGTERM'));
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(modes).toEqual([true, false]);
    await expect(promptSecret(context, FIELD)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
