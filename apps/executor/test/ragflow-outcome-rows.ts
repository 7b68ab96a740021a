import { FAILURE_ROWS, LIMIT_ROWS } from './ragflow-failure-rows.ts';
import type { OutcomeRow } from './ragflow-outcome-row.ts';
import { ARTIFACT_ROWS, VALUE_ROWS } from './ragflow-value-rows.ts';

/** What a real program and RAGFlow's own client can show of the outcomes. */
export const OUTCOME_ROWS: readonly OutcomeRow[] = [...VALUE_ROWS, ...FAILURE_ROWS, ...LIMIT_ROWS, ...ARTIFACT_ROWS];
