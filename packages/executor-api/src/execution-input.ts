import type { ExecutionRequestInput } from '@sandport/core';
import type { z } from 'zod';
import { toBytes, type cellBodySchema, type executionBodySchema } from './execution-body.ts';

type CellBody = z.output<typeof cellBodySchema>;
type Body = z.output<typeof executionBodySchema>;

/** What of a cell's body the contract knows. */
export function toCellInput({
  code,
  arguments: given,
  files,
  environment,
  limits,
}: CellBody): Pick<ExecutionRequestInput, 'code' | 'arguments' | 'files' | 'environment' | 'limits'> {
  return {
    code,
    arguments: given,
    environment,
    limits,
    files: files === undefined ? undefined : Object.fromEntries(Object.entries(files).map(([path, content]) => [path, toBytes(content)])),
  };
}

/** What of a body the contract knows. Input that comes by itself is for the caller to bring in, and so is on whose behalf it is and who follows its output. */
export function toExecutionInput(body: Body): ExecutionRequestInput {
  const { stdin, language, maxWaitMs } = body;
  return {
    ...toCellInput(body),
    language,
    // What is no policy of the contract is refused by the contract's own check, which names the field.
    network: body.network as ExecutionRequestInput['network'],
    stdin: stdin === undefined || stdin === 'stream' ? undefined : toBytes(stdin),
    ...(maxWaitMs === undefined ? {} : { maxWaitMs }),
  };
}
