import { describe, expect, test } from 'vitest';
import { beginEvents, CANCELLED, PlayedExecutor, resultJson, writeEvent, type PlayedRoute } from './played-executor.ts';
import { thrownBy } from './thrown-by.ts';

const EXECUTIONS = 'POST /v1/sandboxes/*/executions';
const accepted = { type: 'accepted', id: 'e' };

/** Sends these texts after each other, and ends there. */
const says = (...texts: readonly string[]): PlayedRoute => {
  return (_request, response) => {
    beginEvents(response);
    response.end(texts.join(''));
  };
};
const lines = (...events: readonly object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const gives = (changes: object): PlayedRoute => says(lines(accepted, { type: 'result', result: resultJson(changes) }));
const fileOf = (bytes: number): object => ({
  path: 'a',
  mediaType: 'text/plain',
  sizeBytes: bytes,
  content: Buffer.alloc(bytes).toString('base64'),
});

async function execute(played: PlayedRoute, request: object = {}): Promise<unknown> {
  await using executor = await PlayedExecutor.start();
  await using provider = executor.provider({ protocol: 'sandport' });
  const sandbox = await provider.createSandbox({ language: 'python' });
  executor.play(EXECUTIONS, played);
  return await sandbox.execute({ code: '', ...request });
}

describe.concurrent('a result', () => {
  const clock = { queueMs: 0, claimMs: 0, startMs: 0, runMs: 0, collectMs: 0, totalMs: 0 };

  test.each([
    ['an unknown status', { status: 'perfect' }, 'status'],
    ['a success with an error', { error: { type: 'E', message: '', traceback: '' } }, 'error'],
    ['no evidence', { evidence: [] }, 'evidence'],
    ['an isolation that nobody knows', { isolation: { kind: 'chroot', measuredBy: 'x' } }, 'isolation.kind'],
    ['a field of its own', { sparkle: true }, 'sparkle'],
    ['another language', { language: 'javascript' }, 'result.language'],
    ['more output than was allowed', { stdout: 'x'.repeat(101) }, 'result.stdout'],
    ['more errors than were allowed', { stderr: 'é'.repeat(51) }, 'result.stderr'],
    ['a time before it began', { clock: { ...clock, runMs: -1 } }, 'result.clock.runMs'],
    ['a time of years', { clock: { ...clock, queueMs: 1e12 } }, 'result.clock.queueMs'],
    [
      'an artifact of another size',
      { artifacts: { files: [{ ...fileOf(3), sizeBytes: 4 }], omitted: [], complete: true } },
      'artifacts.files.0',
    ],
    [
      'an artifact that is no base64',
      { artifacts: { files: [{ ...fileOf(3), content: '?' }], omitted: [], complete: true } },
      'artifacts.files.0.content',
    ],
    ['a large artifact', { artifacts: { files: [fileOf(2000)], omitted: [], complete: true } }, 'result.artifacts.files'],
    ['many artifacts', { artifacts: { files: [fileOf(1), fileOf(1), fileOf(1)], omitted: [], complete: true } }, 'result.artifacts.files'],
  ])('with %s is not taken', async (_name, changes, field) => {
    const limits = { outputBytes: 100, artifactBytes: 1000, artifactCount: 2 };
    const error = await thrownBy(execute(gives(changes), { limits }));
    expect(error).toMatchObject({ code: 'RESPONSE_INVALID', providerId: 'self_managed', details: { field } });
  });

  test('is the executor’s, but for who gives it and how long it took', async () => {
    const value = { big: [1, 'two', null] };
    const result = await execute(gives({ stdout: 'héllo', value, valueJson: JSON.stringify(value) }));
    expect(result).toMatchObject({
      status: 'completed',
      stdout: 'héllo',
      value,
      providerId: 'self_managed',
      isolation: { kind: 'gvisor' },
    });
    const { clock: measured } = result as { clock: typeof clock };
    expect(measured.runMs).toBeLessThanOrEqual(0.2);
    expect(measured.queueMs + measured.claimMs + measured.runMs).toBeLessThanOrEqual(measured.totalMs);
    expect(measured.totalMs).not.toBe(4);
  });

  test('that was withdrawn by nobody here is none', async () => {
    const error = await thrownBy(execute(says(lines(accepted, { type: 'result', result: CANCELLED }))));
    expect(error.code).toBe('PROVIDER_UNAVAILABLE');
  });

  test('may have as much output as was asked for, however it is written', async () => {
    const outputBytes = 100_000;
    const result = await execute(gives({ stdout: '\u0000'.repeat(outputBytes), stderr: '\uFFFD'.repeat(outputBytes) }), {
      limits: { outputBytes },
    });
    expect(result).toMatchObject({ status: 'completed' });
  });
});

describe.concurrent('events', () => {
  const result = lines({ type: 'result', result: resultJson() });

  test.each([
    ['that begin with something else', says(result), 'OUT_OF_PLACE'],
    ['that are accepted twice', says(lines(accepted, accepted), result), 'OUT_OF_PLACE'],
    ['that are no JSON', says(lines(accepted), 'so far so good\n'), 'NOT_JSON'],
    ['that are not UTF-8', (_request, response) => (beginEvents(response), void response.end(Buffer.from([0x7b, 0xff, 0x0a]))), 'NOT_TEXT'],
    ['that end within a line', says(lines(accepted), result.slice(0, 40)), 'HALF_A_LINE'],
  ] satisfies [string, PlayedRoute, string][])('%s are not taken', async (_name, played, failureCode) => {
    expect(await thrownBy(execute(played))).toMatchObject({ code: 'RESPONSE_INVALID', details: { failureCode } });
  });

  test.each([
    ['an unknown event', { type: 'surprise' }, 'type'],
    ['output of an unknown stream', { type: 'output', stream: 'stdlog', text: '' }, 'stream'],
    ['an error without a code', { type: 'error', error: { message: 'x', retryable: false } }, 'error.code'],
  ])('with %s are not taken', async (_name, event, field) => {
    expect(await thrownBy(execute(says(lines(accepted, event))))).toMatchObject({ code: 'RESPONSE_INVALID', details: { field } });
  });

  test('that end before the last word leave it open how far the program came', async () => {
    const error = await thrownBy(execute(says(lines(accepted))));
    expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', details: { failureCode: 'ENDED_EARLY' } });
  });

  test('that never end a line are not gathered without end', async () => {
    let written = 0;
    const floods: PlayedRoute = (_request, response) => {
      beginEvents(response);
      writeEvent(response, accepted);
      const piece = Buffer.alloc(1024 * 1024, 'x');
      const flood = (): void => {
        while (!response.destroyed && written < 500 * piece.length) {
          written += piece.length;
          if (!response.write(piece)) return void response.once('drain', flood);
        }
      };
      flood();
    };
    const limits = { outputBytes: 1000, valueBytes: 1000, artifactTotalBytes: 0, artifactCount: 0 };
    expect(await thrownBy(execute(floods, { limits }))).toMatchObject({ details: { failureCode: 'LINE_TOO_LONG' } });
    expect(written).toBeLessThan(60 * 1024 * 1024);
  });

  test('tell of an error of the contract', async () => {
    const error = {
      code: 'REQUEST_INVALID',
      message: 'files.a: no room',
      retryable: false,
      providerId: 'docker',
      details: { field: 'files.a' },
    };
    expect(await thrownBy(execute(says(lines(accepted, { type: 'error', error }))))).toMatchObject({
      code: 'REQUEST_INVALID',
      providerId: 'self_managed',
      details: { field: 'files.a' },
    });
  });

  test('of output come to the listener one at a time, in order, and are waited for', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `line ${n}\n`);
    const output = texts.map((text) => ({ type: 'output', stream: 'stdout', text }));
    const seen: string[] = [];
    let atOnce = 0;
    const onOutput = async ({ text }: { text: string }): Promise<void> => {
      atOnce += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(atOnce).toBe(1);
      atOnce -= 1;
      seen.push(text);
    };
    await execute(says(lines(accepted, { type: 'alive' }, ...output), result), { onOutput });
    expect(seen).toEqual(texts);
  });
});
