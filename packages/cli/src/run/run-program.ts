import { recordOf, type SandboxError } from '@sandport/core';
import { carriedProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT_CODES, exitCodeOfResult } from '../exit-code.ts';
import { recordFactsOf } from '../record-facts.ts';
import { reportWarning } from '../report-error.ts';
import { executeStored } from '../stored-client.ts';
import { writeJson } from '../write-json.ts';
import { checkArtifactsFolder, saveArtifacts } from './artifacts-folder.ts';
import { LiveOutput } from './live-output.ts';
import { openProgramInput } from './program-input.ts';
import { checkRecordFile, saveRecord } from './record-file.ts';
import { RecordedInput } from './recorded-input.ts';
import { readRequest, type RequestOptions } from './read-request.ts';
import { resultDocument } from './result-document.ts';
import { writeSummary } from './write-summary.ts';

/** Options of `sandport run`. */
export interface RunOptions extends RequestOptions {
  readonly provider?: string;
  readonly artifacts?: string;
  /** File that the call is recorded in. */
  readonly record?: string;
  readonly json?: boolean;
  /** Where the program's standard input comes from. */
  readonly stdin?: string;
  /** Show the output while the program runs, also with `json`. */
  readonly stream?: boolean;
  readonly settings?: string;
}

/** Runs one program and tells what it did. Everything on the command line is checked before anything is started. */
export async function runProgram(context: CliContext, file: string, options: RunOptions): Promise<number> {
  if (options.provider !== undefined) carriedProvider(context.providers, options.provider);
  if (options.artifacts !== undefined) await checkArtifactsFolder(options.artifacts);
  if (options.record !== undefined) await checkRecordFile(options.record);
  using input = options.stdin === undefined ? undefined : await openProgramInput(context, options.stdin, file);
  const request = await readRequest(context, file, options);
  const recorded = options.record === undefined || input === undefined ? undefined : new RecordedInput(input.stream);
  const live = liveOutput(context, options);
  const stdin = recorded?.stream ?? input?.stream;
  const result = await executeStored(context, options, { ...request, stdin, onOutput: live?.listener });
  let isSaved = true;
  const onFailure = (failure: SandboxError): void => {
    isSaved = false;
    reportWarning(context, failure);
  };
  const saved = options.artifacts === undefined ? undefined : await saveArtifacts(options.artifacts, result.artifacts.files, onFailure);
  if (options.record !== undefined) {
    const facts = await recordFactsOf(context, options, result);
    await saveRecord(options.record, () => recordOf({ ...request, stdin: recorded?.bytes }, result, facts), onFailure);
  }
  live?.endLine();
  if (options.json === true) writeJson(context.stdout, resultDocument(result, saved));
  else writeSummary(context, result, saved);
  return isSaved ? exitCodeOfResult(result, context.signal) : EXIT_CODES.sandboxError;
}

function liveOutput(context: CliContext, { json, stream }: RunOptions): LiveOutput | undefined {
  if (json !== true) return new LiveOutput(context, 'same');
  return stream === true ? new LiveOutput(context, 'stderr') : undefined;
}
