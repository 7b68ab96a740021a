import { SandboxError } from '@sandport/core';
import { Command } from 'commander';
import { locateSettings, placeOf } from '@sandport/settings';
import type { CliContext } from '../../cli-context.ts';
import { addActivationOptions, type ActivationOptions } from '../../configuration/change-options.ts';
import { readForChange, type ChangeSession } from '../../configuration/change-session.ts';
import { makeChange } from '../../configuration/make-change.ts';
import { planMove, type RagflowMove } from '../../ragflow/plan-move.ts';
import { locateRagflow, readRagflow, type RagflowSource, type RagflowSourceOptions } from '../../ragflow/ragflow-source.ts';
import { writeMove } from '../../ragflow/write-move.ts';
import { printableLine } from '../../printable-text.ts';
import { withStoredSettings, withWritableSettings } from '../../settings/with-settings.ts';
import { writeJson } from '../../write-json.ts';

interface MigrateRagflowOptions extends ActivationOptions, RagflowSourceOptions {
  readonly dryRun?: boolean;
}

const HELP = `
Reads the rows about sandboxes of a RAGFlow installation, and stores what can be carried
as one version. Secrets are sealed, so a master key is needed where there are some. Then
the provider that RAGFlow uses is tried and chosen, if this command carries it; otherwise
nothing is chosen, and that is said. RAGFlow's own database is only read.

An address with a password belongs into $SANDPORT_RAGFLOW_DATABASE, or another variable.

Examples:
  $ export SANDPORT_RAGFLOW_DATABASE=mysql://root:password@localhost:5455/rag_flow
  $ sandport migrate ragflow --dry-run
  $ sandport migrate ragflow
  $ sandport migrate ragflow --from-env RAGFLOW_URL --json`;

/** `sandport migrate ragflow` */
export function migrateRagflowCommand(context: CliContext): Command {
  const command = new Command('ragflow')
    .description('carry the sandbox configuration of a RAGFlow installation over')
    .option('--from <address>', "RAGFlow's database, when its address has no password in it")
    .option('--from-env <variable>', 'the variable that has the address of the database')
    .option('--dry-run', 'say what would be carried and what not');
  return addActivationOptions(command)
    .addHelpText('after', HELP)
    .action((_options: unknown, self: Command) => migrateRagflow(context, self.optsWithGlobals<MigrateRagflowOptions>()));
}

async function migrateRagflow(context: CliContext, options: MigrateRagflowOptions): Promise<void> {
  const address = locateRagflow(context, options);
  const source = await readRagflow(context, address, placeOf(locateSettings(context, options.settings)).shown);
  if (options.dryRun === true) return showPlan(context, source, options);
  await withWritableSettings(context, options, async (settings) => {
    const session = { context, settings, options };
    const seen = await readForChange(settings.configurations, context.signal);
    const move = planMove(context, source, seen);
    const version = move.carried.length === 0 ? null : (await makeChange(session, seen, move.change, 'moved from RAGFlow')).version;
    const chosen = await choose(session, move);
    if (options.json === true) return writeJson(context.stdout, { dryRun: false, version, ...documentOf(move), ...chosen });
    writeMove(context, move);
    context.stdout.write(version === null ? '\nNothing was stored.\n' : `\nStored as version ${version}.\n`);
    if (chosen.chosen !== null) context.stdout.write(`Code now runs on "${chosen.chosen}".\n`);
    else context.stderr.write(`No provider was chosen: ${printableLine(chosen.notChosen ?? '', 2000)}\n`);
  });
}

/** Settings that are not there yet have nothing that could be replaced. */
async function showPlan(context: CliContext, source: RagflowSource, options: MigrateRagflowOptions): Promise<void> {
  const move = planMove(context, source, await activeIfAny(context, options));
  if (options.json === true)
    return writeJson(context.stdout, { dryRun: true, version: null, ...documentOf(move), chosen: null, notChosen: null });
  writeMove(context, move);
  const chosen = move.providerType === null ? 'No provider would be chosen.' : `RAGFlow uses "${move.providerType}".`;
  context.stdout.write(`\n${chosen} Nothing was stored.\n`);
}

async function activeIfAny(context: CliContext, options: MigrateRagflowOptions) {
  try {
    return await withStoredSettings(context, options, ({ configurations }) => configurations.active({ signal: context.signal }));
  } catch (error) {
    if (SandboxError.isInstance(error) && (error.code === 'CONFIG_MISSING' || error.code === 'SETTINGS_SCHEMA_MISMATCH')) return undefined;
    throw error;
  }
}

interface Choice {
  readonly chosen: string | null;
  /** Why no provider was chosen. */
  readonly notChosen: string | null;
}

/** Chooses the provider that RAGFlow uses. What was carried over stays, also when that cannot be. */
async function choose(session: ChangeSession, { providerType, carried }: RagflowMove): Promise<Choice> {
  const { context, settings } = session;
  if (providerType === null) return { chosen: null, notChosen: 'the one that RAGFlow uses could not be carried over.' };
  if (!carried.some(({ providerId, isCarried }) => providerId === providerType && isCarried)) {
    return { chosen: null, notChosen: `RAGFlow uses "${providerType}", which this command does not carry.` };
  }
  const seen = await readForChange(settings.configurations, context.signal);
  if (seen.providerType === providerType) return { chosen: providerType, notChosen: null };
  try {
    await makeChange(session, seen, { providerType }, `use ${providerType}, as RAGFlow does`);
    return { chosen: providerType, notChosen: null };
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'POLICY_VIOLATED') throw error;
    return { chosen: null, notChosen: `${error.message} ${error.suggestion ?? ''}`.trim() };
  }
}

function documentOf({ from, carried, leftBehind, providerType }: RagflowMove) {
  return { from, carried, leftBehind, providerType };
}
