import { describeIssue, type JsonObject, type ProviderDefinition, type SandboxProvider } from '@sandport/core';
import { usageError } from '../usage-error.ts';

/** What reaches a service, as texts by the names of fields of its provider's configuration. What is absent is not stored. */
export type Connection = Readonly<Record<string, string>>;

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One field of a {@link Connection}. */
export interface ConnectionField {
  readonly name: string;
  /** What the person at the terminal is told of it. */
  readonly hint: string;
  /** Variables that it is read from, in their order. */
  readonly variables: readonly string[];
  /** The option of the command that gives it, where there is one. Never for a secret. */
  readonly option?: string;
  readonly isSecret?: boolean;
  /** The only texts that it can have, where they are few. */
  readonly choices?: readonly string[];
  /** Whether nothing can be asked of the service without it. */
  readonly isNeeded: (others: Connection) => boolean;
  /** Whether it is worth a question; always when this is absent. */
  readonly isAskedFor?: (others: Connection, preset: string | undefined) => boolean;
  /** What stands against its text beside the others, once all are known. */
  readonly findProblem?: (text: string, others: Connection) => string | undefined;
}

/** How a connection to a service is asked for, checked and tried: all that the commands know of a provider whose service is reached with a key. */
export interface ConnectionForm {
  /** The provider, as stored. */
  readonly providerId: string;
  /** Its name in `configure …` and `verify …`. */
  readonly verb: string;
  readonly configSchema: ProviderDefinition['configSchema'];
  /** In the order in which they are asked for. */
  readonly fields: readonly ConnectionField[];
  /** What makes a key; it comes from one place, or not at all. */
  readonly keyFields: readonly string[];
  /** Those of {@link keyFields} each of which says that there is a key. */
  readonly keyMarks: readonly string[];
  /** What is kept sealed, as the beginning of a sentence. */
  readonly secretInWords: string;
  /** A further field that goes back to its default, so that the connection is the one that counts. */
  readonly resetField: string;
  /** What the environment says beside what is known, by the provider's own order of variables, and its defaults. Nothing is checked. */
  readonly fromEnvironment: (environment: Environment, known: Connection) => Connection;
  /** Whether what is stored is worth offering beside what was answered; always when this is absent. */
  readonly isOffered?: (stored: JsonObject, answers: Connection) => boolean;
  /** Fields that a configuration needs, and lacks. */
  readonly missingIn: (config: JsonObject) => readonly string[];
  /**
   * Makes the provider that tries a connection.
   *
   * @param note is told what takes long
   * @throws SandboxError `REQUEST_INVALID` naming the field.
   */
  readonly open: (config: object, note: (text: string) => void) => SandboxProvider;
}

/** The secrets of a form. */
export function secretFieldsOf({ fields }: ConnectionForm): string[] {
  return fields.filter(({ isSecret }) => isSecret === true).map(({ name }) => name);
}

/** What a field is set with where nothing is asked, in a sentence: `A or B`. */
export function sourcesInWords({ variables, option }: ConnectionField): string {
  return [...(option === undefined ? [] : [option]), ...variables].join(' or ');
}

/** The lines of a help that say where each field comes from. */
export function describeSources({ fields }: ConnectionForm): string {
  return fields.map((field) => `  ${field.name.padEnd(16)} ${sourcesInWords(field)}`).join('\n');
}

/** What is wrong with the text of one field by itself, without the text; `undefined` when nothing is. */
export function findFieldProblem({ configSchema }: ConnectionForm, { name, choices }: ConnectionField, text: string): string | undefined {
  if (choices !== undefined && !choices.includes(text)) return `is none of ${choices.join(', ')}`;
  const { error } = configSchema.safeParse({ [name]: text });
  return error?.issues.find(({ path }) => path[0] === name)?.message;
}

/** What to do about a field. */
export type Advise = (field: ConnectionField) => string;

/**
 * Refuses a connection that cannot work, before anything is sent.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field. No value is repeated.
 */
export function checkConnection(form: ConnectionForm, connection: Connection, advise: Advise): void {
  checkTexts(form, connection, advise);
  for (const field of form.fields) {
    const text = connection[field.name];
    const problem = text === undefined ? undefined : field.findProblem?.(text, connection);
    if (problem !== undefined) throw refusedField(field, problem, advise);
  }
  const missing = form.fields.filter((field) => connection[field.name] === undefined && field.isNeeded(connection));
  if (missing.length === 0) return;
  throw usageError(
    `${missing.map(({ name }) => name).join(', ')}: ${missing.length === 1 ? 'is' : 'are'} missing. Nothing was stored.`,
    missing.map(advise).join(' '),
  );
}

/** Refuses texts that are malformed by themselves. @throws SandboxError `REQUEST_INVALID` naming the field. */
export function checkTexts(form: ConnectionForm, texts: Connection, advise: Advise): void {
  for (const field of form.fields) {
    const text = texts[field.name];
    const problem = text === undefined ? undefined : findFieldProblem(form, field, text);
    if (problem !== undefined) throw refusedField(field, problem, advise);
  }
}

function refusedField(field: ConnectionField, problem: string, advise: Advise): Error {
  return usageError(`${field.name}: ${problem}. Nothing was stored.`, advise(field));
}

/**
 * Checks and completes a whole configuration; what is wrong with it is a mistake of whoever gave it.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function parseGivenConfig<Schema extends ProviderDefinition['configSchema']>(schema: Schema, config: object): Schema['_output'] {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'config');
  // Without a cause: it is shown with --debug, and nobody has promised what is in it.
  throw usageError(`${field}: ${message}. Nothing was stored.`, `Correct "${field}" and call again.`);
}
