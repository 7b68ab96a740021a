import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { E2bFailure } from '../http/e2b-failure.ts';
import { RunningRelay } from './running-relay.ts';

const MARK = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);
const answer = (mark: string, text: string): string => `\n${mark}:${Buffer.from(text).toString('base64')}:${mark}\n`;
const cut = new E2bFailure({ plane: 'envd', action: 'RunCommand', kind: 'unreachable' });

test('finds each answer by its marks, in whatever pieces, and keeps the rest as talk', async () => {
  const relay = new RunningRelay();
  const answers = [relay.answerTo(MARK), relay.answerTo(OTHER)];
  const text = `motd\n${answer(OTHER, 'second')}${MARK}:forged:${OTHER}\n${answer(MARK, 'first')}`;
  for (const character of text) relay.take(character);
  expect((await Promise.all(answers)).map(String)).toEqual(['first', 'second']);
  expect(relay.talk).toBe(`motd\n\n${MARK}:forged:${OTHER}\n\n`);
  expect(relay.carried).toBe(text.length);
});

test('says that nobody is there', async () => {
  const relay = new RunningRelay();
  const asked = relay.answerTo(MARK);
  relay.take(`${MARK}:gone:${MARK}\n`);
  expect(await asked).toBe('gone');
});

test('has nothing for a request that was given up, and a failure for all that wait when it ends', async () => {
  const relay = new RunningRelay();
  relay.take(answer(MARK, 'nobody waits'));
  const waiting = [relay.answerTo(MARK), relay.talked()];
  relay.finish(cut);
  relay.finish(new E2bFailure({ plane: 'envd', action: 'RunCommand', kind: 'unreadable' }));
  await expect(waiting[0]).rejects.toBe(cut);
  await expect(waiting[1]).resolves.toBeUndefined();
  await expect(relay.answerTo(OTHER)).rejects.toBe(cut);
});

test('keeps neither a line nor talk of any length', async () => {
  const relay = new RunningRelay();
  const asked = relay.answerTo(MARK);
  relay.take(`${MARK}:`);
  for (let piece = 0; piece < 6; piece += 1) relay.take('A'.repeat(1024 * 1024));
  relay.take(`:${MARK}\n`);
  for (let line = 0; line < 100; line += 1) relay.take(`${'talk '.repeat(400)}\n`);
  relay.take(answer(MARK, 'short'));
  expect(String(await asked)).toBe('short');
  expect(relay.talk.length).toBeLessThanOrEqual(64 * 1024);
});
