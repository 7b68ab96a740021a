import { createSandboxClient } from '@sandport/client';
import type { ExecutionRequestInput, ExecutionResult, SandboxError } from '@sandport/core';
import { locateSettings } from '@sandport/settings';
import { carriedProvider, withProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { openChosenSettings } from '../empty-installation.ts';
import { EXIT_CODES, exitCodeOfResult } from '../exit-code.ts';
import { reportWarning } from '../report-error.ts';
import { writeJson } from '../write-json.ts';
import { checkArtifactsFolder, saveArtifacts } from './artifacts-folder.ts';
import { LiveOutput } from './live-output.ts';
import { openProgramInput } from './program-input.ts';
import { readRequest, type RequestOptions } from './read-request.ts';
import { resultDocument } from './result-document.ts';
import { writeSummary } from './write-summary.ts';

/** Options of `sandport run`. */
export interface RunOptions extends RequestOptions {
  readonly provider?: string;
  readonly artifacts?: string;
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
  using input = options.stdin === undefined ? undefined : await openProgramInput(context, options.stdin, file);
  const request = await readRequest(context, file, options);
  const live = liveOutput(context, options);
  const result = await execute(context, options, { ...request, stdin: input?.stream, onOutput: live?.listener });
  let isSaved = true;
  const onFailure = (failure: SandboxError): void => {
    isSaved = false;
    reportWarning(context, failure);
  };
  const saved = options.artifacts === undefined ? undefined : await saveArtifacts(options.artifacts, result.artifacts.files, onFailure);
  live?.endLine();
  if (options.json === true) writeJson(context.stdout, resultDocument(result, saved));
  else writeSummary(context, result, saved);
  return isSaved ? exitCodeOfResult(result, context.signal) : EXIT_CODES.sandboxError;
}

function liveOutput(context: CliContext, { json, stream }: RunOptions): LiveOutput | undefined {
  if (json !== true) return new LiveOutput(context, 'same');
  return stream === true ? new LiveOutput(context, 'stderr') : undefined;
}

async function execute(context: CliContext, options: RunOptions, request: ExecutionRequestInput): Promise<ExecutionResult> {
  await using client = createSandboxClient({
    settings: () => {
      const stored = openChosenSettings(context, locateSettings(context, options.settings));
      return options.provider === undefined ? stored : withProvider(stored, options.provider);
    },
    providers: context.providers,
    onWarning: (warning) => reportWarning(context, warning),
  });
  return await client.execute(request, { signal: context.signal });
}
