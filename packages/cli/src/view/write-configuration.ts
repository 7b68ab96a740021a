import type { ConfigurationView } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { printableLine } from '../printable-text.ts';
import { describeProvider, type FieldView } from './describe-provider.ts';

const SECRET_TEXTS = { sealed: 'set (sealed)', clear: 'set (in the clear)', 'not set': 'not set' } as const;

/** What of a configuration may be shown, for `--json`. */
export function configurationDocument(
  { providers }: CliContext,
  { providerType, providers: views, policy, fallback, problems }: ConfigurationView,
) {
  return { providerType, providers: views.map((view) => describeProvider(providers, view)), policy, fallback, problems };
}

/** Writes what of a configuration may be shown. */
export function writeConfiguration(context: CliContext, view: ConfigurationView): void {
  const { stdout } = context;
  const colors = colorsFor(stdout, context);
  const { providerType, providers, policy, fallback, problems } = configurationDocument(context, view);
  stdout.write(`provider  ${providerType === null ? 'none chosen' : printableLine(providerType, 64)}\n`);
  if (fallback.length > 0) stdout.write(`fallback  ${printableLine(fallback.join(', '))}\n`);
  if (policy !== null) stdout.write(`policy    ${printableLine(JSON.stringify(policy))}\n`);
  for (const { message } of problems) stdout.write(`${colors.red('✘')} ${printableLine(message)}\n`);
  for (const { id, displayName, isCarried, fields, problem } of providers) {
    stdout.write(`\n${colors.bold(printableLine(id, 128))} (${isCarried ? displayName : 'not carried by this command'})\n`);
    const width = Math.max(0, ...fields.map((field) => field.name.length));
    for (const field of fields) {
      const mark = field.isDefault ? colors.dim(' (default)') : '';
      stdout.write(`  ${printableLine(field.name).padEnd(width)}  ${printableLine(textOf(field))}${mark}\n`);
    }
    if (problem !== null) stdout.write(`  ${colors.red('✘')} ${printableLine(problem)}\n`);
  }
}

function textOf({ value, secret }: FieldView): string {
  if (secret !== null) return SECRET_TEXTS[secret];
  return typeof value === 'string' ? value : JSON.stringify(value);
}
