import { Buffer } from 'node:buffer';
import { SandboxError } from '../errors/sandbox-error.ts';
import type { ExecutionRequestInput } from '../execution/execution-request.ts';
import type { ExecutionRecord } from './execution-record.ts';

/**
 * The request that makes a recorded call again.
 *
 * @param environment Values of the variables that the record names; the record has none. @default {}
 * @throws SandboxError `REQUEST_INVALID` for a variable that is missing, or that the call did not have.
 */
export function requestOfRecord({ request }: ExecutionRecord, environment: Readonly<Record<string, string>> = {}): ExecutionRequestInput {
  const { language, code, arguments: programArguments, stdinBase64, files, environmentNames, limits, network } = request;
  for (const name of environmentNames)
    if (!Object.hasOwn(environment, name))
      throw refuse(name, 'the recorded call had this variable, whose value no record has', 'Give its value.');
  for (const name of Object.keys(environment))
    if (!environmentNames.includes(name)) throw refuse(name, 'the recorded call did not have this variable', 'Leave it out.');
  return {
    language,
    code,
    arguments: programArguments,
    stdin: Buffer.from(stdinBase64, 'base64'),
    files: Object.fromEntries(files.map(({ path, contentBase64 }) => [path, Buffer.from(contentBase64, 'base64')])),
    environment,
    limits,
    network,
  };
}

function refuse(name: string, message: string, suggestion: string): SandboxError {
  const field = `environment.${name}`;
  return new SandboxError('REQUEST_INVALID', `${field}: ${message}.`, { suggestion, details: { field } });
}
