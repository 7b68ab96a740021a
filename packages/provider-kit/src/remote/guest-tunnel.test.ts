import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { GuestGoneError, type GuestExchange } from './guest-exchange.ts';
import { GuestTunnel } from './guest-tunnel.ts';
import { RemoteFailure } from './remote-failure.ts';
import { openAnswer, readRelayOutput, sealRequest } from './sealed-messages.ts';

/** Plays the supervisor: takes bytes once, in order, and says each of them back. */
class Echo {
  readonly taken: Buffer[] = [];
  #received = 0;
  #said: Buffer = Buffer.alloc(0);

  readonly exchange: GuestExchange = ({ at, data, acked, maxBytes }) => {
    const news = Buffer.from(data.subarray(Math.max(0, this.#received - at)));
    if (at <= this.#received && news.length > 0) {
      this.#received += news.length;
      this.taken.push(news);
      this.#said = Buffer.concat([this.#said, news]);
    }
    const answer = this.#said.subarray(acked, acked + maxBytes);
    return Promise.resolve({
      received: this.#received,
      at: acked,
      busy: acked + answer.length < this.#said.length,
      data: Buffer.from(answer),
    });
  };
}

const failure = (kind: 'unreachable' | 'unreadable') => new RemoteFailure({ action: 'RunCommand', kind }, 'data plane');
const open = (exchange: GuestExchange) => new GuestTunnel({ exchange, isConcurrent: true, keepAliveMs: 60_000 });

async function roundTrip(tunnel: GuestTunnel, sent: Buffer, pieceBytes: number): Promise<Buffer> {
  const heard: Buffer[] = [];
  let heardBytes = 0;
  const complete = new Promise<void>((resolve, reject) => {
    tunnel.incoming.on('data', (piece: Buffer) => {
      heard.push(piece);
      heardBytes += piece.length;
      if (heardBytes >= sent.length) resolve();
    });
    tunnel.incoming.on('error', reject);
  });
  for (let offset = 0; offset < sent.length; offset += pieceBytes) {
    if (!tunnel.outgoing.write(sent.subarray(offset, offset + pieceBytes))) await once(tunnel.outgoing, 'drain');
  }
  await complete;
  return Buffer.concat(heard);
}

describe('GuestTunnel', () => {
  test.each([1, 7, 300, 70_000, 3_000_000])('carries every byte once, in order, in pieces of %i', async (pieceBytes) => {
    const echo = new Echo();
    const sent = randomBytes(Math.min(4_000_000, pieceBytes * 40));
    expect((await roundTrip(open(echo.exchange), sent, pieceBytes)).equals(sent)).toBe(true);
    expect(Buffer.concat(echo.taken).equals(sent)).toBe(true);
  });

  test('does so although exchanges are lost before, lost after, done twice, and cut short', { timeout: 60_000 }, async () => {
    const echo = new Echo();
    let count = 0;
    const disturbed: GuestExchange = async (request, signal) => {
      count += 1;
      if (count % 5 === 1) throw failure('unreachable');
      if (count % 5 === 2) await echo.exchange(request, signal);
      const answer = await echo.exchange(request, signal);
      if (count % 5 === 3) throw failure('unreachable');
      if (count % 5 === 4 && answer.data.length > 4096) throw failure('unreadable');
      return answer;
    };
    const sent = randomBytes(200_000);
    expect((await roundTrip(open(disturbed), sent, 50_000)).equals(sent)).toBe(true);
    expect(Buffer.concat(echo.taken).equals(sent)).toBe(true);
  });

  test('ends when there is nobody, and when somebody speaks of what was never sent', async () => {
    for (const answer of [
      () => Promise.reject(new GuestGoneError('gone')),
      () => Promise.resolve({ received: 10, at: 0, busy: false, data: Buffer.alloc(0) }),
      () => Promise.resolve({ received: 1, at: 5, busy: false, data: Buffer.alloc(1) }),
    ]) {
      const tunnel = open(answer);
      const ended = once(tunnel.incoming, 'error');
      tunnel.outgoing.write('x');
      expect((await ended)[0]).toBeInstanceOf(GuestGoneError);
    }
  });

  test('breaks a wait off for something new to say', async () => {
    const echo = new Echo();
    const waits: AbortSignal[] = [];
    const tunnel = open((request, signal) => {
      if (request.data.length > 0) return echo.exchange(request, signal).then((answer) => ({ ...answer, busy: true }));
      waits.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('broken off')), { once: true }));
    });
    tunnel.incoming.resume();
    tunnel.outgoing.write('one');
    await expect.poll(() => waits.length).toBe(1);
    tunnel.outgoing.write('two');
    await expect.poll(() => Buffer.concat(echo.taken).toString()).toBe('onetwo');
    tunnel.incoming.destroy();
  });
});

describe('sealed messages', () => {
  const secret = randomBytes(32);
  const request = { at: 3, data: Buffer.from('data'), acked: 5, waitMs: 100, maxBytes: 1000, connection: 'a', takeover: false };

  test('an answer that is altered, of another secret, or to another request is none', () => {
    const sealed = sealRequest(secret, request);
    // A request looks like an answer, but for the seal.
    for (const bytes of [sealed.bytes, Buffer.alloc(100), Buffer.alloc(0)]) expect(openAnswer(secret, sealed, bytes)).toBeUndefined();
  });

  test('what a relay printed is found among other output, by its marks alone', () => {
    const sealed = sealRequest(secret, request);
    const mark = sealed.nonce.toString('hex');
    expect(readRelayOutput(sealed, `noise\n${mark}:aGk=:${mark}\nnoise`)).toEqual(Buffer.from('hi'));
    expect(readRelayOutput(sealed, `${mark}:gone:${mark}`)).toBe('gone');
    for (const output of ['', 'aGk=', `${mark}:aGk=`, `${'0'.repeat(32)}:aGk=:${'0'.repeat(32)}`])
      expect(readRelayOutput(sealed, output)).toBeUndefined();
  });
});
