import { CSRF_HEADER } from '@sandport/admin-api';
import { describe, expect, test } from 'vitest';
import { createApiCaller, type CallSession } from './api-caller.ts';
import { ApiProblem } from './api-problem.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** Answers one call after the other, and notes what was sent. */
function playedFetch(...answers: readonly (Response | Error | 'never')[]): { readonly fetchAnswer: typeof fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetchAnswer = ((url: string, init: RequestInit) => {
    const answer = answers[sent.length];
    sent.push({ url, init });
    if (answer === undefined) return Promise.reject(new Error('Nothing more was played.'));
    if (answer === 'never') {
      return new Promise((_resolve, reject) => {
        const { signal } = init;
        if (signal instanceof AbortSignal) signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
    }
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }) as unknown as typeof fetch;
  return { fetchAnswer, sent };
}

const session: CallSession = {
  csrfToken: () => 'token-1',
  signedInAgain: () => Promise.resolve(false),
  refresh: () => Promise.resolve(false),
};

function problem(status: number, code: string, more: object = {}): Response {
  return Response.json(
    { type: 'urn:x', title: 'x', status, code, detail: `The detail of ${code}.`, retryable: false, ...more },
    { status },
  );
}

function headersOf(sent: Sent | undefined): Headers {
  return new Headers(sent?.init.headers);
}

describe('a call', () => {
  test('fills in path and query, and leaves out what is not given', async () => {
    const { fetchAnswer, sent } = playedFetch(Response.json({ card: 1 }));
    const { call } = createApiCaller(fetchAnswer, session);
    await call('describeProvider', { params: { provider: 'a/b' }, query: { version: undefined } });
    expect(sent[0]?.url).toBe('/api/v1/admin/sandbox/providers/a%2Fb');
    expect(headersOf(sent[0]).has(CSRF_HEADER)).toBe(false);
  });

  test('carries the token of the session with a change, and its body as JSON', async () => {
    const { fetchAnswer, sent } = playedFetch(new Response(null, { status: 204 }));
    const { call } = createApiCaller(fetchAnswer, session);
    expect(await call('discardDraft', { params: { version: 7 }, body: { reason: 'No use' } })).toBeUndefined();
    expect(headersOf(sent[0]).get(CSRF_HEADER)).toBe('token-1');
    expect(sent[0]?.init).toMatchObject({ method: 'DELETE', body: '{"reason":"No use"}' });
  });

  test('tells the problem with its fields, its advice and its time', async () => {
    const details = { fields: [{ field: 'change.providers.docker.cpus', message: 'must be a number' }, { message: 'no name' }] };
    const { fetchAnswer } = playedFetch(
      problem(400, 'CONFIG_INVALID', { details, suggestion: 'Mend it.', retryAfterMs: 5, retryable: true }),
    );
    const { call } = createApiCaller(fetchAnswer, session);
    await expect(call('readInstallation', {})).rejects.toMatchObject({
      status: 400,
      code: 'CONFIG_INVALID',
      suggestion: 'Mend it.',
      isRetryable: true,
      retryAfterMs: 5,
      fields: [{ field: 'change.providers.docker.cpus', message: 'must be a number' }],
    });
  });

  test('takes one field of the details with the detail as its message', async () => {
    const { fetchAnswer } = playedFetch(problem(400, 'REQUEST_INVALID', { details: { field: 'name' } }));
    const { call } = createApiCaller(fetchAnswer, session);
    await expect(call('readInstallation', {})).rejects.toMatchObject({
      fields: [{ field: 'name', message: 'The detail of REQUEST_INVALID.' }],
    });
  });

  test.each([
    ['no network', new TypeError('fetch failed'), 'SERVER_UNREACHABLE'],
    ['an answer that is no JSON', new Response('<html>', { status: 200 }), 'ANSWER_UNREADABLE'],
    ['a failure that is no problem', new Response('<html>', { status: 502 }), 'ANSWER_UNREADABLE'],
  ])('says of %s what it is', async (_title, answer, code) => {
    const { fetchAnswer } = playedFetch(answer);
    await expect(createApiCaller(fetchAnswer, session).call('readInstallation', {})).rejects.toMatchObject({ code });
  });

  test('gives up after its deadline', async () => {
    const { fetchAnswer } = playedFetch('never');
    const { call } = createApiCaller(fetchAnswer, session);
    await expect(call('readInstallation', { timeoutMs: 5 })).rejects.toMatchObject({ code: 'ANSWER_TOO_LATE' });
  });

  test('ends with the reason of its caller', async () => {
    const { fetchAnswer } = playedFetch('never');
    const controller = new AbortController();
    const calling = createApiCaller(fetchAnswer, session).call('readInstallation', { signal: controller.signal });
    const reason = new Error('not needed any more');
    controller.abort(reason);
    await expect(calling).rejects.toBe(reason);
  });
});

describe('an ended session', () => {
  test('is asked for, and the call is sent again with its new token', async () => {
    const { fetchAnswer, sent } = playedFetch(problem(401, 'UNAUTHENTICATED'), new Response(null, { status: 204 }));
    let token = 'old';
    const asking: CallSession = {
      ...session,
      csrfToken: () => token,
      signedInAgain: () => {
        token = 'new';
        return Promise.resolve(true);
      },
    };
    await createApiCaller(fetchAnswer, asking).call('discardDraft', { params: { version: 1 }, body: {} });
    expect(sent.map((each) => headersOf(each).get(CSRF_HEADER))).toEqual(['old', 'new']);
    expect(sent[1]?.init.body).toBe(sent[0]?.init.body);
  });

  test('fails the call when somebody else signs in', async () => {
    const { fetchAnswer, sent } = playedFetch(problem(401, 'UNAUTHENTICATED'));
    await expect(createApiCaller(fetchAnswer, session).call('readInstallation', {})).rejects.toMatchObject({ status: 401 });
    expect(sent).toHaveLength(1);
  });

  test('is not asked for by a refused sign-in', async () => {
    const { fetchAnswer, sent } = playedFetch(problem(401, 'UNAUTHENTICATED'));
    const asking: CallSession = { ...session, signedInAgain: () => Promise.resolve(true) };
    const signingIn = createApiCaller(fetchAnswer, asking).call('signIn', { body: { name: 'Ada', password: 'wrong' } });
    await expect(signingIn).rejects.toMatchObject({ status: 401 });
    expect(sent).toHaveLength(1);
  });

  test('of another tab gives the call its token', async () => {
    const { fetchAnswer, sent } = playedFetch(problem(403, 'FORBIDDEN'), new Response(null, { status: 204 }));
    let token = 'old';
    const other: CallSession = {
      ...session,
      csrfToken: () => token,
      refresh: () => {
        token = 'new';
        return Promise.resolve(true);
      },
    };
    await createApiCaller(fetchAnswer, other).call('signOut', {});
    expect(sent.map((each) => headersOf(each).get(CSRF_HEADER))).toEqual(['old', 'new']);
  });

  test('that may not do something is not asked a second time', async () => {
    const { fetchAnswer, sent } = playedFetch(problem(403, 'FORBIDDEN'));
    await expect(createApiCaller(fetchAnswer, session).call('signOut', {})).rejects.toMatchObject({ status: 403 });
    expect(sent).toHaveLength(1);
  });
});

describe('an answer that is followed', () => {
  const body = { providerId: 'wasm', version: null };

  async function eventsOf(answer: Response): Promise<unknown[]> {
    const { fetchAnswer } = playedFetch(answer);
    const events: unknown[] = [];
    for await (const event of createApiCaller(fetchAnswer, session).follow('tryConfiguration', { body })) events.push(event);
    return events;
  }

  test('gives its events without the signs of life, however they are cut', async () => {
    const encoder = new TextEncoder();
    const text = encoder.encode('{"type":"progress","message":"ä"}\n{"type":"alive"}\n\n{"type":"finding"}');
    const stream = new ReadableStream({
      start(controller) {
        for (const byte of text) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await eventsOf(new Response(stream))).toEqual([{ type: 'progress', message: 'ä' }, { type: 'finding' }]);
  });

  test('ends with the problem that an event tells of', async () => {
    const error = { code: 'CAPACITY_EXHAUSTED', message: 'Four trials run.', retryable: true, suggestion: 'Wait.' };
    await expect(eventsOf(new Response(`${JSON.stringify({ type: 'error', error })}\n`))).rejects.toMatchObject({
      code: 'CAPACITY_EXHAUSTED',
      detail: 'Four trials run.',
      suggestion: 'Wait.',
    });
  });

  test.each([
    ['a line that is cut', '{"type":"fin'],
    ['something else', 'hello\n'],
  ])('refuses %s', async (_title, text) => {
    await expect(eventsOf(new Response(text))).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
  });

  test('is ended when its reader goes away', async () => {
    let isCancelled = false;
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"type":"finding"}\n')),
      cancel: () => {
        isCancelled = true;
      },
    });
    const { fetchAnswer, sent } = playedFetch(new Response(stream));
    for await (const _event of createApiCaller(fetchAnswer, session).follow('tryConfiguration', { body })) break;
    expect(isCancelled).toBe(true);
    expect(sent[0]?.init.signal?.aborted).toBe(true);
  });

  test('that was refused tells its problem', async () => {
    await expect(eventsOf(problem(409, 'CONFIG_CONFLICT'))).rejects.toBeInstanceOf(ApiProblem);
  });
});
