import { EXAMPLES } from './example-programs.ts';
import { LIMIT_RANGES, PROGRAM_LANGUAGES, type PlaygroundFile, type PlaygroundInput, type PlaygroundLimits } from './playground-input.ts';

/** What the playground begins with. */
export function initialInput(): PlaygroundInput {
  return {
    configuration: null,
    language: 'python',
    code: { python: EXAMPLES[0].python, javascript: EXAMPLES[0].javascript },
    argumentsText: EXAMPLES[0].argumentsText,
    stdin: '',
    environment: '',
    limits: { timeoutSeconds: null, memoryMebibytes: null, outputKibibytes: null, processes: null },
    files: [],
  };
}

/** What was kept of an input; what of it is none falls back to the beginning. */
export function readInput(kept: unknown): PlaygroundInput | undefined {
  if (!isRecord(kept)) return undefined;
  const initial = initialInput();
  const { configuration, language, code, limits, files } = kept;
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  return {
    configuration: readConfiguration(configuration),
    language: PROGRAM_LANGUAGES.find((name) => name === language) ?? initial.language,
    code: {
      python: text(isRecord(code) ? code['python'] : undefined, initial.code.python),
      javascript: text(isRecord(code) ? code['javascript'] : undefined, initial.code.javascript),
    },
    argumentsText: text(kept['argumentsText'], ''),
    stdin: text(kept['stdin'], ''),
    environment: text(kept['environment'], ''),
    limits: readLimits(isRecord(limits) ? limits : {}),
    files: Array.isArray(files) ? files.filter(isFile) : [],
  };
}

/** The same without its files, which may be more than a browser keeps. */
export function withoutFiles(input: PlaygroundInput): PlaygroundInput {
  return { ...input, files: [] };
}

function readConfiguration(value: unknown): PlaygroundInput['configuration'] {
  if (!isRecord(value) || typeof value['providerId'] !== 'string') return null;
  const { providerId, version } = value;
  return { providerId, version: typeof version === 'number' && Number.isInteger(version) && version > 0 ? version : null };
}

function readLimits(kept: Readonly<Record<string, unknown>>): PlaygroundLimits {
  const limit = (name: keyof PlaygroundLimits): number | null => {
    const value = kept[name];
    const { min, max } = LIMIT_RANGES[name];
    return typeof value === 'number' && value >= min && value <= max ? value : null;
  };
  return {
    timeoutSeconds: limit('timeoutSeconds'),
    memoryMebibytes: limit('memoryMebibytes'),
    outputKibibytes: limit('outputKibibytes'),
    processes: limit('processes'),
  };
}

function isFile(value: unknown): value is PlaygroundFile {
  return (
    isRecord(value) && typeof value['path'] === 'string' && typeof value['base64'] === 'string' && typeof value['sizeBytes'] === 'number'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
