import type { EventOf } from '@sandport/admin-api';

type ResultEvent = Extract<EventOf<'executeProgram'>, { readonly type: 'result' }>;

/** What became of a program, as it is read from the wire. */
export type ProgramResult = ResultEvent['result'];

/** The status of a {@link ProgramResult}. */
export type ProgramStatus = ProgramResult['status'];

/** Every status, in the order in which charts and lists have them. */
export const PROGRAM_STATUSES = [
  'completed',
  'failed',
  'timed-out',
  'out-of-memory',
  'output-limit-exceeded',
  'cancelled',
  'killed',
] as const satisfies readonly ProgramStatus[];
