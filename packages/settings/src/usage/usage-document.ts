import { EXECUTION_STATUSES, SandboxError, USAGE_LATENCY_BOUNDS_MS, type UsageCounts } from '@sandport/core';
import { z } from 'zod';
import { parseRowJson } from '../configurations/row-json.ts';

const count = z.int().nonnegative();

const documentSchema = z.object({
  statuses: z.partialRecord(z.enum(EXECUTION_STATUSES), count),
  errors: z.record(z.string().max(64), count),
  /** Only the buckets that counted something, by their place: most of them count nothing. */
  latency: z.record(z.string().regex(/^\d{1,2}$/), count),
  pool: z.object({ idle: count, busy: count, starting: count, waiting: count }).nullable(),
});

/** Counts as the column has them. */
export function encodeCounts({ statuses, errors, latencyBuckets, pool }: UsageCounts): string {
  const latency = Object.fromEntries(latencyBuckets.map((calls, index) => [index, calls] as const).filter(([, calls]) => calls > 0));
  return JSON.stringify(documentSchema.parse({ statuses, errors, latency, pool }));
}

/** @throws SandboxError `CONFIG_INVALID` for a text that none of us wrote. */
export function decodeCounts(text: string): UsageCounts {
  const parsed = documentSchema.safeParse(parseRowJson(text)?.value);
  if (!parsed.success) throw unreadable(parsed.error);
  const { statuses, errors, latency, pool } = parsed.data;
  return { statuses, errors, latencyBuckets: USAGE_LATENCY_BOUNDS_MS.map((_, index) => latency[index] ?? 0), pool };
}

/** How many calls were counted. */
export function callsOf({ statuses, errors }: UsageCounts): number {
  return [...Object.values(statuses), ...Object.values(errors)].reduce((sum, calls) => sum + calls, 0);
}

function unreadable(cause: unknown): SandboxError {
  return new SandboxError('CONFIG_INVALID', 'A row of "sandport_usage" cannot be read.', {
    operation: 'readUsage',
    suggestion: 'Delete the rows that another program wrote into that table; they hold counted calls only.',
    details: { table: 'sandport_usage' },
    cause,
  });
}
