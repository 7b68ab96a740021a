import { z } from 'zod';

const text = z.string().nullish();

const itemSchema = z.looseObject({
  type: z.string(),
  text,
  value: text,
  name: text,
  ename: text,
  evalue: text,
  traceback: z.union([z.string(), z.array(z.string())]).nullish(),
  status: text,
});

/** The answer to an execution, without anything around it. A missing `results` is no empty success. */
export const executeReplySchema = z.object({ contextId: text, results: z.array(itemSchema) });

/** What an execution left. */
export interface ExecuteOutcome {
  readonly contextId: string | null;
  /** Every piece of standard output, one after the other. Whether the service cuts pieces at line ends is not documented. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** What went wrong in the program; `null` when nothing did. Text on stderr is no failure. */
  readonly error: string | null;
}

/**
 * Reads the answer to an execution. `endOfExecution` is documented and missing from a published real answer. Error items have been seen or documented with `text`, `value`, `traceback`,
 * `name` and `value`, `ename` and `evalue`.
 */
export function readExecuteReply({ contextId, results }: z.output<typeof executeReplySchema>): ExecuteOutcome {
  const textsOf = (type: string) => results.flatMap((item) => (item.type === type && typeof item.text === 'string' ? [item.text] : []));
  const failed = results.find(({ type }) => type === 'error');
  const end = results.find(({ type }) => type === 'endOfExecution')?.status;
  const endedBadly = typeof end === 'string' && end !== 'ok' ? `The execution ended as "${end}".` : null;
  return {
    contextId: contextId ?? null,
    stdout: textsOf('stdout'),
    stderr: textsOf('stderr'),
    error: failed === undefined ? endedBadly : describeError(failed),
  };
}

function describeError(item: z.output<typeof itemSchema>): string {
  const { traceback } = item;
  const name = item.ename ?? item.name;
  const value = item.evalue ?? item.value;
  const candidates = [
    item.text,
    Array.isArray(traceback) ? traceback.join('\n') : traceback,
    [name, value].filter((part) => (part ?? '') !== '').join(': '),
  ];
  return candidates.find((candidate) => (candidate ?? '') !== '') ?? 'The execution failed without a word.';
}
