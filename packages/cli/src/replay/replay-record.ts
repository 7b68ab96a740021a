import { MAX_RECORD_BYTES, readRecord, recordOf, requestOfRecord, type ExecutionRecord } from '@sandport/core';
import { carriedProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT_CODES, exitCodeOfResult } from '../exit-code.ts';
import { decodeText, readLocalFile, readStandardInput } from '../given-bytes.ts';
import { recordFactsOf } from '../record-facts.ts';
import { readEnvironment } from '../run/read-environment.ts';
import { executeStored } from '../stored-client.ts';
import { writeJson } from '../write-json.ts';
import { compareRecords } from './compare-records.ts';
import { writeComparison } from './write-comparison.ts';

/** Options of `sandport replay`. */
export interface ReplayOptions {
  readonly provider?: string;
  /** `NAME=VALUE` or `NAME`. */
  readonly env: readonly string[];
  readonly json?: boolean;
  readonly settings?: string;
}

/** Makes a recorded call again, and tells what came out differently. The record is an attacker's until it is checked, and so is all that it says. */
export async function replayRecord(context: CliContext, file: string, options: ReplayOptions): Promise<number> {
  if (options.provider !== undefined) carriedProvider(context.providers, options.provider);
  const environment = readEnvironment(context, options.env);
  const recorded = await readRecordFile(context, file);
  const request = requestOfRecord(recorded, environment);
  const result = await executeStored(context, options, request);
  const replayed = recordOf(request, result, await recordFactsOf(context, options, result));
  const comparison = compareRecords(recorded, replayed);
  const same = comparison.differences.length === 0;
  if (options.json === true)
    writeJson(context.stdout, { same, ...comparison, recorded: withoutRequest(recorded), replayed: withoutRequest(replayed) });
  else writeComparison(context, comparison, recorded, replayed);
  // A call that was interrupted says nothing of the record.
  if (result.status === 'cancelled') return exitCodeOfResult(result, context.signal);
  return same ? EXIT_CODES.ok : EXIT_CODES.notCompleted;
}

async function readRecordFile(context: CliContext, file: string): Promise<ExecutionRecord> {
  const bytes = file === '-' ? await readStandardInput(context, MAX_RECORD_BYTES, 'record') : await readLocalFile(file, MAX_RECORD_BYTES);
  return readRecord(decodeText(file, bytes));
}

/** What was asked for is the same of both, and in the file. */
function withoutRequest({ recordedAtMs, versions, provider, result }: ExecutionRecord): object {
  return { recordedAtMs, versions, provider, result };
}
