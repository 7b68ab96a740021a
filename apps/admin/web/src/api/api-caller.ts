import {
  CSRF_HEADER,
  EVENTS_MEDIA_TYPE,
  pathOf,
  ROUTES,
  type AnswerOf,
  type EventOf,
  type PathParametersOf,
  type RouteName,
} from '@sandport/admin-api';
import type { ApiInput, FollowedRouteName } from './api-input.ts';
import { ApiProblem, problemFrom } from './api-problem.ts';
import { readLines } from './read-lines.ts';

const ANSWER_TIMEOUT_MS = 20_000;

/** The server says every few seconds that it is alive. */
const SILENCE_TIMEOUT_MS = 30_000;

/** What calls need of the session. */
export interface CallSession {
  readonly csrfToken: () => string | null;
  /** Settles when somebody has signed in again: `true` when it is the one whose session ended. */
  readonly signedInAgain: (signal: AbortSignal | undefined) => Promise<boolean>;
  /** Reads the session anew, since another tab may have begun one: `true` when it is the same person's, with another token. */
  readonly refresh: (signal: AbortSignal | undefined) => Promise<boolean>;
}

/** How the page calls the API. */
export interface ApiCaller {
  /** @throws ApiProblem, or the reason of the signal */
  readonly call: <Name extends RouteName>(name: Name, input: ApiInput<Name>) => Promise<AnswerOf<Name>>;
  /** The events of an answer, without the signs of life. Going away ends what is followed. @throws ApiProblem, also for an event of the kind `error` */
  readonly follow: <Name extends FollowedRouteName>(name: Name, input: ApiInput<Name>) => AsyncGenerator<EventOf<Name>, void, void>;
}

interface PlainInput {
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Makes the caller of the API. */
export function createApiCaller(fetchAnswer: typeof fetch, session: CallSession): ApiCaller {
  const send = (name: RouteName, input: PlainInput, accept: string, deadline: AbortSignal): Promise<Response> =>
    fetchAnswer(addressOf(name, input), {
      method: ROUTES[name].method,
      headers: headersOf(name, input, accept, session.csrfToken()),
      body: input.body === undefined ? null : JSON.stringify(input.body),
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      signal: input.signal === undefined ? deadline : AbortSignal.any([input.signal, deadline]),
    });

  /** Sends once more when the session had ended, or its token was another tab's. */
  const sendInSession = async <Value>(name: RouteName, input: PlainInput, attempt: () => Promise<Value>): Promise<Value> => {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiProblem) || ROUTES[name].access === 'everybody') throw error;
      if (error.status === 401 && (await session.signedInAgain(input.signal))) return attempt();
      // A token that another tab has replaced is refused as what a role may not do is.
      if (error.status === 403 && ROUTES[name].method !== 'GET' && (await session.refresh(input.signal))) return attempt();
      throw error;
    }
  };

  return {
    call: (name, given) => {
      const input: PlainInput = given;
      return sendInSession(name, input, () =>
        withDeadline(input, async (deadline) => {
          const answer = await send(name, input, 'application/json, application/problem+json', deadline);
          await refuseFailure(answer);
          return (answer.status === 204 ? undefined : await readJson(answer)) as AnswerOf<typeof name>;
        }),
      );
    },
    async *follow(name, given) {
      const input: PlainInput = given;
      // Ends the request however the reader goes away.
      const ending = new AbortController();
      const signal = input.signal === undefined ? ending.signal : AbortSignal.any([input.signal, ending.signal]);
      try {
        const answer = await sendInSession(name, { ...input, signal }, () =>
          withBeginning(input, ending, async (silent) => {
            const begun = await send(name, { ...input, signal }, `${EVENTS_MEDIA_TYPE}, application/problem+json`, silent);
            await refuseFailure(begun);
            return begun;
          }),
        );
        for await (const line of readLines(answer, SILENCE_TIMEOUT_MS)) {
          const event = line as { readonly type: string; readonly error?: unknown };
          if (event.type === 'error') throw problemFrom(event.error, answer.status);
          if (event.type !== 'alive') yield line as EventOf<typeof name>;
        }
      } catch (error) {
        throw input.signal?.aborted === true ? input.signal.reason : error;
      } finally {
        ending.abort();
      }
    },
  };
}

async function withDeadline<Value>(input: PlainInput, work: (deadline: AbortSignal) => Promise<Value>): Promise<Value> {
  const deadline = AbortSignal.timeout(input.timeoutMs ?? ANSWER_TIMEOUT_MS);
  try {
    return await work(deadline);
  } catch (error) {
    throw failureOf(error, input.signal, deadline);
  }
}

/** Like {@link withDeadline}, for an answer that goes on after the deadline of its beginning. */
async function withBeginning(
  input: PlainInput,
  ending: AbortController,
  work: (silent: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), input.timeoutMs ?? ANSWER_TIMEOUT_MS);
  try {
    return await work(silent.signal);
  } catch (error) {
    throw failureOf(error, ending.signal.aborted ? ending.signal : input.signal, silent.signal);
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(error: unknown, signal: AbortSignal | undefined, deadline: AbortSignal): unknown {
  if (error instanceof ApiProblem) return error;
  if (signal?.aborted === true) return signal.reason;
  if (deadline.aborted) {
    return new ApiProblem(
      { status: 0, code: 'ANSWER_TOO_LATE', detail: 'The server did not answer in time.', retryable: true },
      { cause: error },
    );
  }
  return new ApiProblem(
    { status: 0, code: 'SERVER_UNREACHABLE', detail: 'The server cannot be reached.', retryable: true },
    { cause: error },
  );
}

function addressOf(name: RouteName, { params, query }: PlainInput): string {
  // The parameters are those of the route's own path: the types of the callers say so.
  const path = pathOf(name, (params ?? {}) as PathParametersOf<typeof name>);
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(key, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function headersOf(name: RouteName, { body }: PlainInput, accept: string, csrfToken: string | null): Record<string, string> {
  return {
    accept,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ROUTES[name].method === 'GET' || csrfToken === null ? {} : { [CSRF_HEADER]: csrfToken }),
  };
}

async function refuseFailure(answer: Response): Promise<void> {
  if (answer.ok) return;
  const text = await answer.text();
  throw problemFrom(parsed(text), answer.status);
}

async function readJson(answer: Response): Promise<unknown> {
  const document = parsed(await answer.text());
  if (document === undefined) {
    throw new ApiProblem({
      status: answer.status,
      code: 'ANSWER_UNREADABLE',
      detail: 'The server answered with something that is no JSON.',
    });
  }
  return document;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // What is no JSON tells nothing; the status still does.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
