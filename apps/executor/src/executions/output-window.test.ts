import { describe, expect, test } from 'vitest';
import { OutputWindow } from './output-window.ts';

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => Promise.resolve().then(() => false))]);
}

describe('an output window', () => {
  test('holds back what goes on beyond it until its reader has taken enough', async () => {
    const window = new OutputWindow(10);
    expect(await isSettled(window.passed('0123456789'))).toBe(true);
    const waiting = window.passed('é');
    expect(await isSettled(waiting)).toBe(false);
    window.noteTaken(1);
    expect(await isSettled(waiting)).toBe(false);
    window.noteTaken(2);
    expect(await isSettled(waiting)).toBe(true);
  });

  test('is not narrowed by an older word that comes later', async () => {
    const window = new OutputWindow(1);
    window.noteTaken(5);
    window.noteTaken(2);
    expect(await isSettled(window.passed('012345'))).toBe(true);
  });

  test('lets everybody go when it is closed', async () => {
    const window = new OutputWindow(1);
    const waiting = window.passed('012345');
    window.close();
    expect(await isSettled(waiting)).toBe(true);
  });
});
