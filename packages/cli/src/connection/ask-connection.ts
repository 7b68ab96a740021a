import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';
import { promptSecret } from '../secrets/prompt-secret.ts';
import { promptLine } from '../terminal/prompt-line.ts';
import { usageError } from '../usage-error.ts';
import { findFieldProblem, sourcesInWords, type Connection, type ConnectionField, type ConnectionForm } from './connection-form.ts';

/** So often a field is asked for before it is taken for a misunderstanding. */
const MAX_ATTEMPTS = 3;

/** Takes away what the return key alone would keep. */
const NOTHING = '-';

/** What is known before anything is asked. */
export interface KnownBefore {
  /** Fields that are not asked for. */
  readonly given: Connection;
  /** What the return key alone stands for, beside the answers until then. Never asked of a secret. */
  readonly presets: (answers: Connection) => Connection;
}

/**
 * Asks the person at the terminal for a connection, field by field. What is malformed is asked for again.
 *
 * @throws SandboxError `REQUEST_INVALID` without a terminal, or for a field that is wrong time after time; `CANCELLED` when the person gives up.
 */
export async function askConnection(context: CliContext, form: ConnectionForm, { given, presets }: KnownBefore): Promise<Connection> {
  if (context.stdin.isTTY !== true) {
    throw usageError(
      'There is no terminal to ask at.',
      `Set the variables that \`sandport configure ${form.verb} --help\` lists, and call with --from-env.`,
    );
  }
  let answers: Connection = given;
  for (const field of form.fields) {
    if (given[field.name] !== undefined) continue;
    const preset = field.isSecret === true ? undefined : presets(answers)[field.name];
    const isNeeded = field.isNeeded(answers);
    if (!isNeeded && field.isAskedFor?.(answers, preset) === false) continue;
    const text = await askField(context, form, { field, preset, isNeeded });
    if (text !== '') answers = { ...answers, [field.name]: text };
  }
  return answers;
}

interface Question {
  readonly field: ConnectionField;
  readonly preset: string | undefined;
  readonly isNeeded: boolean;
}

async function askField(context: CliContext, form: ConnectionForm, { field, preset, isNeeded }: Question): Promise<string> {
  const colors = colorsFor(context.stderr, context);
  const { name, hint } = field;
  const typed = { name, instead: `set ${sourcesInWords(field)} and call with --from-env` };
  context.stderr.write(`${colors.dim(hint)}\n`);
  let problem: string | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const text = field.isSecret === true ? (await promptSecret(context, typed)).trim() : await promptLine(context, typed, preset);
    if (!isNeeded && (text === '' || text === NOTHING)) return '';
    problem = text === '' ? 'is needed' : findFieldProblem(form, field, text);
    if (problem === undefined) return text;
    context.stderr.write(`${colors.yellow('!')} ${name}: ${printableLine(problem)}.\n`);
  }
  throw usageError(`${name}: ${problem}. Nothing was stored.`, hint);
}
