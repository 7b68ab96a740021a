import type { ConfigFieldDescription, ProviderDefinition } from '@sandport/core';
import { usageError } from '../usage-error.ts';

/** A field and its new value, as the command line has it. */
export interface Assignment {
  readonly field: ConfigFieldDescription;
  /** The text after `=`; empty takes the field back to its default, and a secret away. */
  readonly text: string;
}

/**
 * Reads `KEY=VALUE…`.
 *
 * @throws SandboxError `REQUEST_INVALID`, also for a secret: a command line is seen by everybody who may list processes. No value is repeated.
 */
export function parseAssignments(
  definition: ProviderDefinition,
  fields: readonly ConfigFieldDescription[],
  words: readonly string[],
): Assignment[] {
  return words.map((word) => parseAssignment(definition, fields, word));
}

function parseAssignment(definition: ProviderDefinition, fields: readonly ConfigFieldDescription[], word: string): Assignment {
  const separator = word.indexOf('=');
  // What has no "=" may be a value that was meant to be secret, so it is not repeated.
  if (separator < 1) throw usageError('An assignment has no KEY=.', 'Write KEY=VALUE, for example: isolation=gvisor');
  const [name, text] = [word.slice(0, separator), word.slice(separator + 1)];
  const field = fields.find((each) => each.name === name);
  if (field === undefined) {
    throw usageError(
      `"${name.slice(0, 64)}" is not a field of the configuration of "${definition.id}".`,
      `Its fields are: ${fields.map((each) => each.name).join(', ')}.`,
    );
  }
  if (!field.secret || text === '') return { field, text };
  throw usageError(
    `${name}: is a secret, and everybody who may list processes sees a command line. Nothing was stored; take the value for known to others.`,
    `Give it with --secret ${name} (asks for it), --secret-file ${name}=PATH, or --secret-stdin ${name}.`,
  );
}
