import { createSandboxClient } from '@sandport/client';
import type { ExecutionRequestInput, ExecutionResult, SandboxError } from '@sandport/core';
import { carriedProvider, withProvider } from '../chosen-provider.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT_CODES, exitCodeOfResult } from '../exit-code.ts';
import { reportWarning } from '../report-error.ts';
import { locateSettings, openStoredSettings } from '../settings-location.ts';
import { writeJson } from '../write-json.ts';
import { checkArtifactsFolder, saveArtifacts } from './artifacts-folder.ts';
import { LiveOutput } from './live-output.ts';
import { readRequest, type RequestOptions } from './read-request.ts';
import { resultDocument } from './result-document.ts';
import { writeSummary } from './write-summary.ts';

/** Options of `sandport run`. */
export interface RunOptions extends RequestOptions {
  readonly provider?: string;
  readonly artifacts?: string;
  readonly json?: boolean;
  readonly settings?: string;
}

/** Runs one program and tells what it did. Everything on the command line is checked before anything is started. */
export async function runProgram(context: CliContext, file: string, options: RunOptions): Promise<number> {
  if (options.provider !== undefined) carriedProvider(context.providers, options.provider);
  if (options.artifacts !== undefined) await checkArtifactsFolder(options.artifacts);
  const request = await readRequest(context, file, options);
  const live = options.json === true ? undefined : new LiveOutput(context);
  const result = await execute(context, options, live === undefined ? request : { ...request, onOutput: live.listener });
  let isSaved = true;
  const onFailure = (failure: SandboxError): void => {
    isSaved = false;
    reportWarning(context, failure);
  };
  const saved = options.artifacts === undefined ? undefined : await saveArtifacts(options.artifacts, result.artifacts.files, onFailure);
  if (live === undefined) {
    writeJson(context.stdout, resultDocument(result, saved));
  } else {
    live.endLine();
    writeSummary(context, result, saved);
  }
  return isSaved ? exitCodeOfResult(result, context.signal) : EXIT_CODES.sandboxError;
}

async function execute(context: CliContext, options: RunOptions, request: ExecutionRequestInput): Promise<ExecutionResult> {
  await using client = createSandboxClient({
    settings: () => {
      const stored = openStoredSettings(locateSettings(context, options.settings));
      return options.provider === undefined ? stored : withProvider(stored, options.provider);
    },
    providers: context.providers,
    onWarning: (warning) => reportWarning(context, warning),
  });
  return await client.execute(request, { signal: context.signal });
}
