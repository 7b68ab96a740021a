import type { Argument, Command, Option } from 'commander';

/** What may stand for a value. */
export interface CompletionValues {
  readonly words: readonly string[];
  /** Whether it names a file or folder of this machine. */
  readonly isFile: boolean;
}

/** An option as a shell offers it. */
export interface CompletionOption {
  /** `--json`, `-h` */
  readonly flags: readonly string[];
  readonly description: string;
  /** `undefined` when it takes none. */
  readonly value: CompletionValues | undefined;
}

/** The command, or one of its verbs. */
export interface CompletionVerb {
  /** All words of it: `sandport config get`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly verbs: readonly CompletionVerb[];
  readonly options: readonly CompletionOption[];
  /** By place; the last one goes on where it may be repeated. */
  readonly values: readonly CompletionValues[];
  readonly repeatsLast: boolean;
}

/** Names of arguments and options that take the id of a provider. */
const PROVIDER_NAMES = ['provider', 'providers'];

/** Words in the placeholder of a value that is, or ends with, a path. */
const FILE_WORDS = /\b(file|folder|path|local)\b/;

/** It takes the path of a file, or an address. */
const SETTINGS_NAME = 'settings';

/** What a shell can know of the command and of all verbs below it, from the command itself. */
export function completionTree(command: Command, providerIds: readonly string[], parent = ''): CompletionVerb {
  const path = parent === '' ? command.name() : `${parent} ${command.name()}`;
  const help = command.createHelp();
  return {
    path,
    name: command.name(),
    description: command.description(),
    verbs: command.commands.map((child) => completionTree(child, providerIds, path)),
    options: help.visibleOptions(command).map((option) => optionOf(option, providerIds)),
    values: command.registeredArguments.map((argument) => valuesOf(argument.name(), argument, providerIds)),
    repeatsLast: command.registeredArguments.at(-1)?.variadic ?? false,
  };
}

/** A verb and all below it. */
export function allVerbs(verb: CompletionVerb): CompletionVerb[] {
  return [verb, ...verb.verbs.flatMap(allVerbs)];
}

function optionOf(option: Option, providerIds: readonly string[]): CompletionOption {
  const placeholder = /[<[](.+)[>\]]/.exec(option.flags)?.[1] ?? '';
  return {
    flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    value: option.required || option.optional ? valuesOf(option.name(), option, providerIds, placeholder) : undefined,
  };
}

function valuesOf(
  name: string,
  { argChoices }: Pick<Argument | Option, 'argChoices'>,
  providerIds: readonly string[],
  placeholder = name,
): CompletionValues {
  if (argChoices !== undefined) return { words: argChoices, isFile: false };
  if (PROVIDER_NAMES.includes(name)) return { words: providerIds, isFile: false };
  return { words: [], isFile: name === SETTINGS_NAME || FILE_WORDS.test(placeholder) };
}
