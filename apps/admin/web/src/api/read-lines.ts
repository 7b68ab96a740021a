import { ApiProblem } from './api-problem.ts';

/** A line longer than this is no event of ours. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** The documents of an answer that has one JSON document a line. It ends with an error when nothing comes for a while, or when the last line is not whole. */
export async function* readLines(answer: Response, silenceMs: number): AsyncGenerator<unknown, void, void> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMs);
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) throw unreadable(undefined);
      for (const line of lines) if (line.trim() !== '') yield documentOf(line);
    }
    if (rest.trim() !== '') yield documentOf(rest);
  } finally {
    // Whoever stops reading ends the answer; one that has failed already has nothing to be ended.
    await reader.cancel().catch(() => undefined);
  }
}

async function within<Value>(work: Promise<Value>, silenceMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ApiProblem({ status: 0, code: 'ANSWER_TOO_LATE', detail: 'The server has stopped answering.', retryable: true }));
    }, silenceMs);
  });
  try {
    return await Promise.race([work, silence]);
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem({ status: 0, code: 'SERVER_UNREACHABLE', detail: 'The connection broke off.', retryable: true }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function documentOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(cause: unknown): ApiProblem {
  return new ApiProblem({ status: 0, code: 'ANSWER_UNREADABLE', detail: 'The server sent an event that cannot be read.' }, { cause });
}
