import type { PlaygroundBody } from '@sandport/admin-api';
import type { ConfigurationChoice } from '../../components/configuration-picker.tsx';

/** Languages of programs. */
export const PROGRAM_LANGUAGES = ['python', 'javascript'] as const;

/** A member of {@link PROGRAM_LANGUAGES}. */
export type ProgramLanguage = (typeof PROGRAM_LANGUAGES)[number];

/** A file that is laid into the work folder. */
export interface PlaygroundFile {
  readonly path: string;
  readonly base64: string;
  readonly sizeBytes: number;
}

/** Limits that the page offers, in the units in which they are typed. `null`: the provider's own. */
export interface PlaygroundLimits {
  readonly timeoutSeconds: number | null;
  readonly memoryMebibytes: number | null;
  readonly outputKibibytes: number | null;
  readonly processes: number | null;
}

/** Everything that is typed into the playground. */
export interface PlaygroundInput {
  readonly configuration: ConfigurationChoice | null;
  readonly language: ProgramLanguage;
  readonly code: Readonly<Record<ProgramLanguage, string>>;
  /** JSON text. */
  readonly argumentsText: string;
  readonly stdin: string;
  /** Lines of the form NAME=value. */
  readonly environment: string;
  readonly limits: PlaygroundLimits;
  readonly files: readonly PlaygroundFile[];
}

/** A part of the input that can be wrong. */
export type PlaygroundField = 'configuration' | 'arguments' | 'environment' | 'files';

/** What is wrong with a part: the key of a text, and what is put into it. */
export interface InputProblem {
  readonly field: PlaygroundField;
  readonly key:
    | 'configurationMissing'
    | 'argumentsNoJson'
    | 'argumentsNoObject'
    | 'environmentLine'
    | 'environmentTwice'
    | 'filePath'
    | 'filesTooLarge';
  readonly values: Readonly<Record<string, string | number>>;
}

/** Most bytes of all files together, as the contract has it. */
export const MAX_FILES_BYTES = 32 * 1024 * 1024;

/** The lowest and the highest of each limit, in its unit. */
export const LIMIT_RANGES = {
  timeoutSeconds: { min: 0.1, max: 3600, step: 1 },
  memoryMebibytes: { min: 64, max: 1_048_576, step: 64 },
  outputKibibytes: { min: 1, max: 65_536, step: 64 },
  processes: { min: 8, max: 32_768, step: 8 },
} as const satisfies Readonly<Record<keyof PlaygroundLimits, object>>;

/** What is sent, or what is wrong with the input. */
export function checkInput(input: PlaygroundInput): { readonly body: PlaygroundBody } | { readonly problems: readonly InputProblem[] } {
  const given = parseArguments(input.argumentsText);
  const environment = parseEnvironment(input.environment);
  const problems = [
    ...(input.configuration === null ? [problem('configuration', 'configurationMissing')] : []),
    ...given.problems,
    ...environment.problems,
    ...problemsOfFiles(input.files),
  ];
  if (problems.length > 0 || input.configuration === null) return { problems };
  return {
    body: {
      configuration: input.configuration,
      language: input.language,
      code: input.code[input.language],
      ...(Object.keys(given.value).length === 0 ? {} : { arguments: given.value }),
      ...(Object.keys(environment.value).length === 0 ? {} : { environment: environment.value }),
      ...(input.files.length === 0 ? {} : { files: Object.fromEntries(input.files.map(({ path, base64 }) => [path, { base64 }])) }),
      ...(input.stdin === '' ? {} : { stdin: { text: input.stdin } }),
      ...limitsPart(input.limits),
      network: 'none',
    },
  };
}

function limitsPart({ timeoutSeconds, memoryMebibytes, outputKibibytes, processes }: PlaygroundLimits): Pick<PlaygroundBody, 'limits'> {
  const limits = {
    ...(timeoutSeconds === null ? {} : { timeoutMs: Math.round(timeoutSeconds * 1000) }),
    ...(memoryMebibytes === null ? {} : { memoryBytes: memoryMebibytes * 1024 * 1024 }),
    ...(outputKibibytes === null ? {} : { outputBytes: outputKibibytes * 1024 }),
    ...(processes === null ? {} : { processes }),
  };
  return Object.keys(limits).length === 0 ? {} : { limits };
}

interface Parsed<Value> {
  readonly value: Readonly<Record<string, Value>>;
  readonly problems: readonly InputProblem[];
}

function parseArguments(text: string): Parsed<unknown> {
  if (text.trim() === '') return { value: {}, problems: [] };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as Readonly<Record<string, unknown>>, problems: [] };
    return { value: {}, problems: [problem('arguments', 'argumentsNoObject')] };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { value: {}, problems: [problem('arguments', 'argumentsNoJson', { message: error.message })] };
  }
}

function parseEnvironment(text: string): Parsed<string> {
  const value: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [, name, content] = /^\s*([A-Za-z_][A-Za-z0-9_]{0,127})=(.*)$/.exec(line) ?? [];
    if (name === undefined || content === undefined || name === '__proto__')
      return { value, problems: [problem('environment', 'environmentLine', { line: index + 1 })] };
    if (Object.hasOwn(value, name)) return { value, problems: [problem('environment', 'environmentTwice', { name })] };
    value[name] = content;
  }
  return { value, problems: [] };
}

function problemsOfFiles(files: readonly PlaygroundFile[]): InputProblem[] {
  const paths = files.map(({ path }) => path);
  const wrong = paths.find((path, index) => !isPath(path) || paths.indexOf(path) !== index);
  if (wrong !== undefined) return [problem('files', 'filePath', { path: wrong })];
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return sizeBytes > MAX_FILES_BYTES ? [problem('files', 'filesTooLarge')] : [];
}

/** The server knows every rule; what would surely be refused is told before it is sent. */
function isPath(path: string): boolean {
  return (
    path !== '__proto__' &&
    path !== '' &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
    !path.includes('\0')
  );
}

function problem(field: PlaygroundField, key: InputProblem['key'], values: InputProblem['values'] = {}): InputProblem {
  return { field, key, values };
}
