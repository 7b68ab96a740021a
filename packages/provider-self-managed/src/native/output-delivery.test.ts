import { expect, test } from 'vitest';
import { OutputDelivery } from './output-delivery.ts';

const chunk = (text: string) => ({ stream: 'stdout' as const, text });

test('a listener that answers at once is told at once', async () => {
  const seen: string[] = [];
  const delivery = new OutputDelivery(({ text }) => void seen.push(text), raise);
  delivery.offer(chunk('a'));
  delivery.offer(chunk(''));
  delivery.offer(chunk('b'));
  expect(seen).toEqual(['a', 'b']);
  await delivery.idle();
});

test('a listener that takes its time gets the next piece afterwards', async () => {
  const seen: string[] = [];
  let release = (): void => undefined;
  const delivery = new OutputDelivery(({ text }) => {
    seen.push(text);
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  }, raise);
  delivery.offer(chunk('a'));
  delivery.offer(chunk('b'));
  expect(seen).toEqual(['a']);
  release();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual(['a', 'b']);
  const idle = delivery.idle();
  delivery.mute();
  await idle;
  delivery.offer(chunk('c'));
  release();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual(['a', 'b']);
});

test('a listener that fails is told nothing more', async () => {
  const failures: unknown[] = [];
  const thrown = new Error('no');
  const delivery = new OutputDelivery(
    () => {
      throw thrown;
    },
    (error) => void failures.push(error),
  );
  delivery.offer(chunk('a'));
  delivery.offer(chunk('b'));
  await delivery.idle();
  expect(failures).toEqual([thrown]);
});

function raise(error: unknown): void {
  throw error;
}
