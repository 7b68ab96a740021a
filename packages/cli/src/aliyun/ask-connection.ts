import type { SettingName } from '@sandport/provider-aliyun';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';
import { promptSecret } from '../secrets/prompt-secret.ts';
import { promptLine } from '../terminal/prompt-line.ts';
import { usageError } from '../usage-error.ts';
import {
  CONNECTION_FIELDS,
  findFieldProblem,
  OFFICIAL_REGIONS,
  REQUIRED_FIELDS,
  SECRET_FIELDS,
  variablesInWords,
  type Connection,
} from './connection.ts';

/** So often a field is asked for before it is taken for a misunderstanding. */
const MAX_ATTEMPTS = 3;

/** Takes away what the return key alone would keep. */
const NOTHING = '-';

const HINTS: { readonly [Name in SettingName]: string } = {
  accessKeyId: 'Access key of a RAM user who may use AgentRun.',
  accessKeySecret: 'The secret of that key. Nothing of it is shown.',
  securityToken: 'Only with a temporary key of STS; otherwise press return.',
  accountId: 'Number of the main account, also with the key of a RAM user.',
  region: `One of ${OFFICIAL_REGIONS.join(', ')}; another one needs both endpoints.`,
  templateName: 'Template of type CodeInterpreter; it is created when there is none.',
  controlEndpoint: 'Address of the control plane; a scheme is honoured. "-" takes that of the region.',
  dataEndpoint: 'Address of the data plane; a scheme is honoured. "-" takes that of the region.',
};

/**
 * Asks the person at the terminal for a connection, field by field. What is malformed is asked for again.
 *
 * @param presets what the return key alone stands for; secrets have none
 * @throws SandboxError `REQUEST_INVALID` without a terminal, or for a field that is wrong time after time; `CANCELLED` when the person gives up.
 */
export async function askConnection(context: CliContext, presets: Connection): Promise<Connection> {
  if (context.stdin.isTTY !== true) {
    throw usageError(
      'There is no terminal to ask at.',
      'Set the variables that `sandport configure aliyun --help` lists, and call with --from-env.',
    );
  }
  const answers = new Map<SettingName, string>();
  for (const name of CONNECTION_FIELDS) {
    if (!isAskedFor(name, presets, answers)) continue;
    const text = await askField(context, name, presets[name], isNeeded(name, answers));
    if (text !== '') answers.set(name, text);
  }
  return Object.fromEntries(answers);
}

/** Endpoints follow from the region, unless one is known or the region is none that they follow from. */
function isAskedFor(name: SettingName, presets: Connection, answers: ReadonlyMap<SettingName, string>): boolean {
  return !name.endsWith('Endpoint') || presets[name] !== undefined || isNeeded(name, answers);
}

function isNeeded(name: SettingName, answers: ReadonlyMap<SettingName, string>): boolean {
  if (!name.endsWith('Endpoint')) return REQUIRED_FIELDS.includes(name);
  return !OFFICIAL_REGIONS.includes(answers.get('region') ?? '');
}

async function askField(context: CliContext, name: SettingName, preset: string | undefined, isRequired: boolean): Promise<string> {
  const colors = colorsFor(context.stderr, context);
  const field = { name, instead: `set ${variablesInWords(name)} and call with --from-env` };
  context.stderr.write(`${colors.dim(HINTS[name])}\n`);
  let problem: string | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const text = SECRET_FIELDS.includes(name) ? (await promptSecret(context, field)).trim() : await promptLine(context, field, preset);
    if (!isRequired && (text === '' || text === NOTHING)) return '';
    problem = text === '' ? 'is needed' : findFieldProblem(name, text);
    if (problem === undefined) return text;
    context.stderr.write(`${colors.yellow('!')} ${name}: ${printableLine(problem)}.\n`);
  }
  throw usageError(`${name}: ${problem}. Nothing was stored.`, HINTS[name]);
}
