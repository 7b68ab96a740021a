import { LANGUAGES, type Language } from '@sandport/core';
import { IMAGE_PROFILES, type BuiltImage, type ImageProfile } from '@sandport/provider-docker';
import { Command, Option } from 'commander';
import { locateSettings } from '@sandport/settings';
import type { CliContext } from '../cli-context.ts';
import { formatDuration } from '../format-duration.ts';
import { addProgressOptions, isQuiet, type ProgressOptions } from '../progress-option.ts';
import { storedEngineAccess } from '../stored-engine.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { writeJson } from '../write-json.ts';

interface ImagesBuildOptions extends ProgressOptions {
  readonly profile: ImageProfile | 'all';
  readonly language: Language | 'all';
  readonly base?: string;
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
  const build = addProgressOptions(
    new Command('build')
      .description('build the images, each only when its content has changed')
      .addOption(new Option('--profile <profile>', 'what is installed').choices([...IMAGE_PROFILES, 'all']).default('minimal'))
      .addOption(new Option('--language <language>', 'which language').choices([...LANGUAGES, 'all']).default('all'))
      .option('--base <image>', 'image to build on'),
  )
    .addHelpText('after', BUILD_HELP)
    .action((_options: unknown, command: Command) => buildAll(context, command.optsWithGlobals<ImagesBuildOptions>()));
  return new Command('images').description('the images that the docker provider runs').addCommand(build);
}

async function buildAll(context: CliContext, options: ImagesBuildOptions): Promise<void> {
  const images = await buildChosen(context, options);
  if (options.json === true) return writeJson(context.stdout, { images });
  for (const { tag, wasBuilt, durationMs } of images) {
    context.stdout.write(`${tag} ${wasBuilt ? `built in ${formatDuration(durationMs)}` : 'up to date'}\n`);
  }
}

async function buildChosen(context: CliContext, options: ImagesBuildOptions): Promise<readonly BuiltImage[]> {
  using line = new ProgressLine(context);
  return await context.buildImages({
    profiles: options.profile === 'all' ? IMAGE_PROFILES : [options.profile],
    languages: options.language === 'all' ? LANGUAGES : [options.language],
    base: options.base,
    // Images belong where the provider will look for them.
    ...(await storedEngineAccess(context, locateSettings(context, options.settings))),
    ...(isQuiet(options) ? {} : { onProgress: ({ tag, message }) => line.show(`${tag} ${message}`) }),
    signal: context.signal,
  });
}
