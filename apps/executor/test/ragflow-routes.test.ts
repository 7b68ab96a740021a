import { parseExecutionRequest, type ExecutionRequestInput } from '@sandport/core';
import { deferred } from '@sandport/provider-kit';
import { describe, expect, test } from 'vitest';
import type { RagflowCall, RagflowRoutesOptions } from '../src/ragflow/ragflow-routes.ts';
import { handmadeResult } from './handmade-result.ts';
import { RagflowClient } from './ragflow-client.ts';
import { startRagflowServer, type RagflowServer } from './ragflow-server.ts';

const CODE = Buffer.from('def main(): pass').toString('base64');

/** A run that only checks what it is given. */
const checkedRun: RagflowRoutesOptions['run'] = (input) => {
  parseExecutionRequest(input);
  return Promise.resolve(handmadeResult({ status: 'completed' }));
};

async function post(server: RagflowServer, body: string, type: string | undefined = 'application/json'): Promise<Response> {
  return fetch(`${server.url}/run`, { method: 'POST', headers: { 'content-type': type }, body });
}

describe('health', () => {
  test.each(['/', '/healthz'])('%s is always well', async (path) => {
    await using server = await startRagflowServer({ run: checkedRun });
    const response = await fetch(server.url + path);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('a bad body', () => {
  const cases: [string, unknown, object][] = [
    [
      'without code',
      { language: 'python' },
      { type: 'missing', loc: ['body', 'code_b64'], msg: 'Field required', input: { language: 'python' } },
    ],
    [
      'with code that is no text',
      { code_b64: 5 },
      { type: 'string_type', loc: ['body', 'code_b64'], msg: 'Input should be a valid string', input: 5 },
    ],
    ...([
      ['%%%', 'Only base64 data is allowed'],
      ['YQ', 'Incorrect padding'],
      ['YWJjZ', 'Invalid base64-encoded string: number of data characters (5) cannot be 1 more than a multiple of 4'],
      ['YWJj=', 'Excess data after padding'],
    ].map(([code_b64, problem]) => [
      `with the base64 ${code_b64}`,
      { code_b64 },
      { type: 'value_error', loc: ['body', 'code_b64'], msg: `Value error, Invalid base64 encoding: ${problem}`, input: code_b64 },
    ]) as [string, unknown, object][]),
    ...['javascript', 'Python', 7].map((language): [string, unknown, object] => [
      `with the language ${language}`,
      { code_b64: CODE, language },
      { type: 'enum', loc: ['body', 'language'], msg: "Input should be 'python' or 'nodejs'", input: language },
    ]),
    [
      'with arguments in a list',
      { code_b64: CODE, arguments: [1] },
      { type: 'dict_type', loc: ['body', 'arguments'], msg: 'Input should be a valid dictionary' },
    ],
    ['that is a list', [], { type: 'model_attributes_type', loc: ['body'], input: [] }],
    [
      'with more code than the contract takes',
      { code_b64: Buffer.alloc(1024 * 1024 + 1, 'x').toString('base64') },
      { type: 'value_error', loc: ['body', 'code_b64'] },
    ],
  ];

  test.each(cases)('%s is answered with 422', async (_name, body, finding) => {
    await using server = await startRagflowServer({ run: checkedRun });
    const response = await post(server, JSON.stringify(body));
    expect([response.status, await response.json()]).toMatchObject([422, { detail: [finding] }]);
  });

  test('names everything that is wrong', async () => {
    await using server = await startRagflowServer({ run: checkedRun });
    const { detail } = (await (await post(server, JSON.stringify({ language: 'ruby', arguments: 1 }))).json()) as {
      detail: { loc: string[] }[];
    };
    expect(detail.map(({ loc }) => loc.at(-1))).toEqual(['code_b64', 'language', 'arguments']);
  });

  test.each([
    ['that is no JSON', '{"code_b64"', undefined, { type: 'json_invalid', msg: 'JSON decode error' }],
    ['of another kind', JSON.stringify({ code_b64: CODE }), 'text/plain', { type: 'model_attributes_type', loc: ['body'] }],
    ['with nothing in it', '', undefined, { type: 'missing', loc: ['body'], msg: 'Field required', input: null }],
  ])('%s is answered with 422', async (_name, body, type, finding) => {
    await using server = await startRagflowServer({ run: checkedRun });
    const response = await post(server, body, type);
    expect([response.status, await response.json()]).toMatchObject([422, { detail: [finding] }]);
  });

  test('whose code is no UTF-8 is answered with 500 and a word', async () => {
    await using server = await startRagflowServer({ run: checkedRun });
    const running = new RagflowClient(server.url).executeCode({ code: new Uint8Array([0xff, 0xfe]) });
    await expect(running).rejects.toThrow('HTTP 500: code_b64 holds code that is not UTF-8.');
  });

  test('that is too large is not read', async () => {
    await using server = await startRagflowServer({ run: checkedRun, maxBodyBytes: 100 });
    expect((await post(server, JSON.stringify({ code_b64: 'YWJj'.repeat(50) }))).status).toBe(413);
  });
});

describe('a run', () => {
  async function runWith(body: object, options: Partial<RagflowRoutesOptions> = {}): Promise<[ExecutionRequestInput, RagflowCall]> {
    const seen: [ExecutionRequestInput, RagflowCall][] = [];
    await using server = await startRagflowServer({
      run: (...given) => {
        seen.push(given);
        return Promise.resolve(handmadeResult({ status: 'completed' }));
      },
      ...options,
    });
    expect((await post(server, JSON.stringify({ code_b64: CODE, ...body }))).status).toBe(200);
    const [first] = seen;
    if (first === undefined) throw new Error('Nothing was run.');
    return first;
  }

  test('has the limits of the predecessor', async () => {
    const [request] = await runWith({ unknown: 'member' });
    expect(request).toEqual({
      code: 'def main(): pass',
      language: 'python',
      arguments: {},
      limits: { timeoutMs: 10_000, memoryBytes: 268_435_456, artifactBytes: 10_485_760, artifactDepth: 1 },
      maxWaitMs: 10_000,
    });
  });

  test('has other limits, and another tenant, where they are configured', async () => {
    const options = { timeoutMs: 1000, memoryBytes: null, maxWaitMs: 0, tenantOf: () => 'acme' };
    const [request, call] = await runWith({ language: 'nodejs', arguments: null }, options);
    expect(request).toMatchObject({ language: 'nodejs', arguments: {}, maxWaitMs: 0 });
    expect(request.limits).toMatchObject({ timeoutMs: 1000, memoryBytes: undefined });
    expect(call.tenant).toBe('acme');
    expect(call.signal.aborted).toBe(false);
  });

  test('gets arguments as they are, also those with names that objects have', async () => {
    const body = `{"code_b64":"${CODE}","arguments":{"__proto__":{"a":1},"constructor":"c"}}`;
    let given: ExecutionRequestInput['arguments'];
    const run: RagflowRoutesOptions['run'] = (input) => {
      given = parseExecutionRequest(input).arguments;
      return Promise.resolve(handmadeResult({ status: 'completed' }));
    };
    await using server = await startRagflowServer({ run });
    expect((await post(server, body)).status).toBe(200);
    expect(JSON.stringify(given)).toBe('{"__proto__":{"a":1},"constructor":"c"}');
  });

  test.each(['the caller leaves', 'the service withdraws it'])('is cancelled when %s', async (who) => {
    const stopping = new AbortController();
    const started = deferred<AbortSignal>();
    await using server = await startRagflowServer({
      signalOf: () => stopping.signal,
      run: async (_request, { signal }) => {
        started.resolve(signal);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        return handmadeResult({ status: 'cancelled' });
      },
    });
    const caller = new AbortController();
    const running = new RagflowClient(server.url).executeCode({ code: 'pass' }, { signal: caller.signal });
    const outcome = running.then(
      ({ exitCode }) => exitCode,
      () => 'left',
    );
    const signal = await started.promise;
    if (who === 'the caller leaves') caller.abort();
    else stopping.abort();
    expect(await outcome).toBe(who === 'the caller leaves' ? 'left' : -3);
    await expect.poll(() => signal.aborted).toBe(true);
  });
});
