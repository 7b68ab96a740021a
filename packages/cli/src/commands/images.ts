import { LANGUAGES, type Language } from '@sandport/core';
import { IMAGE_PROFILES, type ImageProfile } from '@sandport/provider-docker';
import { Command, Option } from 'commander';
import { locateSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { formatDuration } from '../format-duration.ts';
import { printableLine } from '../printable-text.ts';
import { storedEngineAccess } from '../stored-engine.ts';
import { writeJson } from '../write-json.ts';

interface ImagesBuildOptions {
  readonly profile: ImageProfile | 'all';
  readonly language: Language | 'all';
  readonly base?: string;
  readonly json?: boolean;
  readonly settings?: string;
}

const BUILD_HELP = `
Profiles: minimal has the standard library; data also has numpy, pandas, matplotlib
and requests for Python, and axios for JavaScript.

The engine is the dockerHost of the stored configuration, else the one that the docker
command would use. An image whose content is unchanged is kept.

Examples:
  $ sandport images build
  $ sandport images build --profile all --language python
  $ sandport images build --base debian:bookworm-slim --json`;

/** `sandport images …` */
export function imagesCommand(context: CliContext): Command {
  return new Command('images').description('the images that the docker provider runs').addCommand(
    new Command('build')
      .description('build the images, each only when its content has changed')
      .addOption(new Option('--profile <profile>', 'what is installed').choices([...IMAGE_PROFILES, 'all']).default('minimal'))
      .addOption(new Option('--language <language>', 'which language').choices([...LANGUAGES, 'all']).default('all'))
      .option('--base <image>', 'image to build on')
      .option('--json', 'one JSON document on stdout')
      .addHelpText('after', BUILD_HELP)
      .action((_options: unknown, command: Command) => buildAll(context, command.optsWithGlobals<ImagesBuildOptions>())),
  );
}

async function buildAll(context: CliContext, options: ImagesBuildOptions): Promise<void> {
  const colors = colorsFor(context.stderr, context);
  const images = await context.buildImages({
    profiles: options.profile === 'all' ? IMAGE_PROFILES : [options.profile],
    languages: options.language === 'all' ? LANGUAGES : [options.language],
    base: options.base,
    // Images belong where the provider will look for them.
    ...(await storedEngineAccess(context, locateSettings(context, options.settings))),
    onProgress: ({ tag, message }) => context.stderr.write(`${colors.dim(tag)} ${printableLine(message)}\n`),
    signal: context.signal,
  });
  if (options.json === true) return writeJson(context.stdout, { images });
  for (const { tag, wasBuilt, durationMs } of images) {
    context.stdout.write(`${tag} ${wasBuilt ? `built in ${formatDuration(durationMs)}` : 'up to date'}\n`);
  }
}
