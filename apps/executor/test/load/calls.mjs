// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** What comes back after a refusal: not at once, and not in step with the others. */
const REFUSED_PAUSE_MS = 100;

/** How many callers keep an executor busy, by what each of them asks for. */
const WAYS = /** @type {const} */ (['application/json', 'application/x-ndjson', 'text/event-stream', 'gone']);

const CODE = 'import time\ntime.sleep(0.05)\ndef main(n): return n\n';

/** What became of all calls. */
export class Tally {
  answered = 0;
  refused = 0;
  withdrawn = 0;
  /** @type {number[]} */
  answeredMs = [];
  /** @type {number[]} */
  refusedMs = [];
  /** Answers that are neither. @type {string[]} */
  wrong = [];
}

/**
 * Calls, one after the other, until the signal fires. Whatever does not come out as it should is in the tally.
 *
 * @param {{ address: string, token: string, caller: number, tally: Tally, signal: AbortSignal }} options
 */
export async function keepCalling({ address, token, caller, tally, signal }) {
  const way = WAYS[caller % WAYS.length] ?? 'application/json';
  const agent = new Agent({ connections: 1, headersTimeout: 0, bodyTimeout: 0 });
  try {
    for (let call = 0; !signal.aborted; call += 1) {
      const beganMs = performance.now();
      const outcome = await callOnce({ address, token, agent, way, number: caller * 1_000_000 + call });
      const tookMs = performance.now() - beganMs;
      if (outcome === 'answered') tally.answeredMs.push(tookMs);
      if (outcome === 'refused') tally.refusedMs.push(tookMs);
      if (outcome === 'answered' || outcome === 'refused' || outcome === 'withdrawn') tally[outcome] += 1;
      // An executor that was killed answers nobody any more.
      else if (!signal.aborted) tally.wrong.push(outcome);
      if (outcome !== 'answered') await delay(REFUSED_PAUSE_MS * (0.5 + Math.random()));
    }
  } finally {
    await agent.destroy();
  }
}

/**
 * @param {{ address: string, token: string, agent: Agent, way: typeof WAYS[number], number: number }} options
 * @returns {Promise<string>} what became of it
 */
async function callOnce({ address, token, agent, way, number }) {
  const goesAway = way === 'gone';
  const gone = new AbortController();
  const timer = goesAway ? setTimeout(() => gone.abort(), Math.random() * 500) : undefined;
  try {
    const { statusCode, headers, body } = await request(`${address}/v1/executions`, {
      dispatcher: agent,
      method: 'POST',
      signal: gone.signal,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: goesAway ? 'application/json' : way },
      body: JSON.stringify({ code: CODE, arguments: { n: number } }),
    });
    return outcomeOf(statusCode, headers['retry-after'], await body.text(), number);
  } catch (error) {
    if (gone.signal.aborted) return 'withdrawn';
    return error instanceof Error ? `${error.name} ${error.message}` : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {number} status
 * @param {string | string[] | undefined} retryAfter
 * @param {string} text
 * @param {number} number
 */
function outcomeOf(status, retryAfter, text, number) {
  if (status === 503 || status === 429) return retryAfter === undefined ? `${status} without Retry-After: ${text}` : 'refused';
  const last =
    text
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^data: /, '') ?? '';
  if (status !== 200 || !last.startsWith('{')) return `${status} ${text}`;
  const end = JSON.parse(last);
  if (end.type === 'error') return end.error.retryable && end.error.retryAfterMs > 0 ? 'refused' : last;
  const result = end.type === 'result' ? end.result : end;
  return result.status === 'completed' && result.value === number ? 'answered' : last;
}
