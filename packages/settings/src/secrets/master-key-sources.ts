import { keyCommandSource, COMMAND_VARIABLE, parseKeyCommand } from './key-command.ts';
import { keySourceInvalid, keysWithdrawn } from './key-errors.ts';
import { keyFileSource, readKeyFile } from './key-file.ts';
import { readKeyLines } from './key-lines.ts';
import { KeyRing } from './key-ring.ts';
import { runKeyCommand } from './run-key-command.ts';

const KEY_VARIABLE = 'SANDPORT_MASTER_KEY';
const FORMER_KEYS_VARIABLE = 'SANDPORT_MASTER_KEYS_FORMER';
const FILE_VARIABLE = 'SANDPORT_MASTER_KEY_FILE';

/**
 * Where master keys are looked for. The first source that is configured is the one, and no other is looked at:
 *
 * 1. `keyRing`;
 * 2. the variable `SANDPORT_MASTER_KEY`, with former keys in `SANDPORT_MASTER_KEYS_FORMER`, separated by commas;
 * 3. `SANDPORT_MASTER_KEY_FILE`, the path of a file with one key on each line, the current one first;
 * 4. `SANDPORT_MASTER_KEY_COMMAND`, a program that prints such lines: a JSON array of program and arguments, or a path;
 * 5. `defaultKeyFile`, when there is such a file.
 *
 * An empty variable counts as one that is not set.
 */
export interface KeySourceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Keys that the caller has already. */
  readonly keyRing?: KeyRing | undefined;
  /** For settings in a SQLite file: its path with `.key` behind it. */
  readonly defaultKeyFile?: string | undefined;
}

/** How one reading of the keys may be ended. */
export interface KeyReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long a key command may take, in milliseconds. @default 10000 */
  readonly commandTimeoutMs?: number | undefined;
}

/** Where the keys come from, fit to be shown. */
export interface KeySourceDescription {
  /** For example `the key file "/etc/sandport/master.key"`. */
  readonly source: string;
  readonly currentId: string;
  readonly formerIds: readonly string[];
  /** Variables that are set and that nobody looks at, since another source comes before them. */
  readonly unusedVariables: readonly string[];
}

interface KeySource {
  readonly describe: () => string;
  /** The variable that configures it. */
  readonly variable?: string;
  readonly read: (options: KeyReadOptions) => Promise<KeyRing | undefined> | KeyRing;
}

/**
 * Reads the master keys from the first source that is configured.
 *
 * @returns `undefined` when none is.
 * @throws SandboxError `CONFIG_INVALID` naming the source that has to be mended, `SETTINGS_UNAVAILABLE` when a command or a disk failed, `CANCELLED`.
 */
export async function loadKeyRing({
  signal,
  commandTimeoutMs,
  ...options
}: KeySourceOptions & KeyReadOptions): Promise<KeyRing | undefined> {
  if (signal?.aborted === true) throw keysWithdrawn(signal);
  return findSources(options)[0]?.read({ signal, commandTimeoutMs });
}

/**
 * Says which source the keys come from and what their ids are, and reads them for it.
 *
 * @returns `undefined` when no source is configured.
 * @throws SandboxError as {@link loadKeyRing}.
 */
export async function describeKeySource(options: KeySourceOptions & KeyReadOptions): Promise<KeySourceDescription | undefined> {
  const ring = await loadKeyRing(options);
  const [used, ...others] = findSources(options);
  if (ring === undefined || used === undefined) return undefined;
  return {
    source: used.describe(),
    currentId: ring.currentId,
    formerIds: ring.formerIds,
    unusedVariables: others.flatMap(({ variable }) => variable ?? []),
  };
}

/** The configured sources in their order. Nothing is read yet. */
function findSources({ environment, keyRing, defaultKeyFile }: KeySourceOptions): KeySource[] {
  const key = environment[KEY_VARIABLE] ?? '';
  const formerKeys = environment[FORMER_KEYS_VARIABLE] ?? '';
  const file = environment[FILE_VARIABLE] ?? '';
  const command = environment[COMMAND_VARIABLE] ?? '';
  return [
    ...(keyRing === undefined ? [] : [{ describe: () => 'the program itself', read: () => keyRing }]),
    ...(key === '' && formerKeys === '' ? [] : [variableSource(key, formerKeys)]),
    ...(file === '' ? [] : [fileSource(file)]),
    ...(command === '' ? [] : [commandSource(command, environment)]),
    ...(defaultKeyFile === undefined ? [] : [defaultFileSource(defaultKeyFile)]),
  ];
}

function variableSource(key: string, formerKeys: string): KeySource {
  return {
    describe: () => `the variable ${KEY_VARIABLE}`,
    variable: key === '' ? FORMER_KEYS_VARIABLE : KEY_VARIABLE,
    read: () => {
      if (key === '') {
        throw keySourceInvalid(FORMER_KEYS_VARIABLE, `is set without ${KEY_VARIABLE}`, `Set ${KEY_VARIABLE} to the current key as well.`);
      }
      const former = formerKeys === '' ? [] : formerKeys.split(',');
      return KeyRing.of([
        { key, source: KEY_VARIABLE },
        ...former.map((text, index) => ({ key: text, source: `${FORMER_KEYS_VARIABLE}, key ${index + 1}` })),
      ]);
    },
  };
}

function fileSource(path: string): KeySource {
  return {
    describe: () => keyFileSource(path),
    variable: FILE_VARIABLE,
    read: async ({ signal }) => {
      const content = await readKeyFile(path, signal);
      if (content !== undefined) return readKeyLines(content.text, keyFileSource(path));
      throw keySourceInvalid(keyFileSource(path), 'does not exist', `Create it, or correct ${FILE_VARIABLE}.`);
    },
  };
}

function commandSource(text: string, environment: KeySourceOptions['environment']): KeySource {
  return {
    describe: () => keyCommandSource(parseKeyCommand(text)),
    variable: COMMAND_VARIABLE,
    read: async ({ signal, commandTimeoutMs }) => {
      const command = parseKeyCommand(text);
      const output = await runKeyCommand(command, { environment, signal, timeoutMs: commandTimeoutMs });
      return readKeyLines(output, `the output of ${keyCommandSource(command)}`);
    },
  };
}

function defaultFileSource(path: string): KeySource {
  return {
    describe: () => keyFileSource(path),
    read: async ({ signal }) => {
      const content = await readKeyFile(path, signal);
      return content === undefined ? undefined : readKeyLines(content.text, keyFileSource(path));
    },
  };
}
