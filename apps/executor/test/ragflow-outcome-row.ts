import { expect } from 'vitest';
import type { RagflowOutcome, RagflowProgramInput } from './ragflow-client.ts';

/** What a row's program needs: `any` runs everywhere; `node` needs Node's modules; `processes` a system in which programs are processes. */
export type RowNeeds = 'any' | 'node' | 'processes';

/** A program, and what RAGFlow's executor manager is known to answer, or what we chose in its place. */
export interface OutcomeRow {
  readonly name: string;
  readonly needs: RowNeeds;
  readonly request: RagflowProgramInput;
  /** Members of the answer; those that are not named may have any value. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** What an agent's node makes of it. */
  readonly outcome?: RagflowOutcome;
}

// Vitest's matchers have no type of their own.
export const textWith = (part: string): unknown => expect.stringContaining(part);
export const anyNumber: unknown = expect.any(Number);

/** A program in Python, by its lines. */
export const python = (...lines: string[]): RagflowProgramInput => ({ language: 'python', code: `${lines.join('\n')}\n` });
/** A program in JavaScript, by its lines. */
export const javascript = (...lines: string[]): RagflowProgramInput => ({ language: 'javascript', code: `${lines.join('\n')}\n` });
/** What `main` returned, as the answer has it. */
export const value = (found: unknown): object => ({ present: true, value: found, type: 'json' });

/** Nothing that a failed run leaves is told besides its words. */
export const NOTHING_TOLD = { stdout: '', artifacts: [], result: null };
/** A program that failed by itself. */
export const programError = (exitCode: number, stderr: unknown): Record<string, unknown> => ({
  ...NOTHING_TOLD,
  status: 'program_error',
  exit_code: exitCode,
  stderr,
  detail: null,
  resource_limit_type: null,
  unauthorized_access_type: null,
  runtime_error_type: 'nonzero_exit',
});
