/** Bytes in a mebibyte. */
const MEBIBYTE = 1024 * 1024;

/** Limits of the contract on what a request may carry. A provider may be stricter, never laxer. */
export const REQUEST_LIMITS = {
  /** Source text, in bytes of UTF-8. */
  codeBytes: MEBIBYTE,
  /** Arguments as JSON text, in bytes of UTF-8. */
  argumentsBytes: 8 * MEBIBYTE,
  /** Number of input files. */
  fileCount: 100,
  /** All input files together. */
  filesBytes: 32 * MEBIBYTE,
  /** Number of environment variables. */
  environmentCount: 100,
  /** Names and values of the environment together. */
  environmentBytes: 64 * 1024,
  /** Standard input that is given as a whole. A stream has no limit but its reader. */
  stdinBytes: 32 * MEBIBYTE,
  /** Longest wait for admission that a caller may ask for. */
  maxWaitMs: 600_000,
  /** Longest idle time and life of a sandbox that a caller may ask for. */
  lifetimeMs: 30 * 24 * 3_600_000,
  /** Length of a tenant's name. */
  tenantLength: 128,
} as const;

/** Lowest and highest value, and the default, of each limit that a request may set. Units are in the names. */
export const EXECUTION_LIMIT_RANGES = {
  timeoutMs: { min: 1, max: 3_600_000, default: 30_000 },
  outputBytes: { min: 1, max: 64 * MEBIBYTE, default: MEBIBYTE },
  valueBytes: { min: 1, max: 32 * MEBIBYTE, default: 8 * MEBIBYTE },
  artifactCount: { min: 0, max: 1000, default: 100 },
  artifactBytes: { min: 0, max: 64 * MEBIBYTE, default: 10 * MEBIBYTE },
  artifactTotalBytes: { min: 0, max: 128 * MEBIBYTE, default: 32 * MEBIBYTE },
  artifactDepth: { min: 1, max: 32, default: 8 },
} as const;

/** Limits of one execution. */
export interface ExecutionLimits {
  /** Wall-clock time from the program's start until the verdict `timed-out`. @default 30000 */
  readonly timeoutMs: number;
  /** Bytes of stdout, and separately of stderr; one byte more is `output-limit-exceeded`. @default 1048576 */
  readonly outputBytes: number;
  /** Bytes of the value as JSON text; a larger value is a `ValueError` of the program. @default 8388608 */
  readonly valueBytes: number;
  /** Number of artifacts that are brought back. The others are named in `artifacts.omitted`. @default 100 */
  readonly artifactCount: number;
  /** Bytes of one artifact. @default 10485760 */
  readonly artifactBytes: number;
  /** Bytes of all artifacts together. @default 33554432 */
  readonly artifactTotalBytes: number;
  /** Folders below `artifacts/`, that folder included. @default 8 */
  readonly artifactDepth: number;
}

/** Ranges of the limits that belong to the sandbox itself and are fixed when it is created. */
export const SANDBOX_LIMIT_RANGES = {
  memoryBytes: { min: 64 * MEBIBYTE, max: 1024 * 1024 * MEBIBYTE },
  processes: { min: 8, max: 32_768 },
  diskBytes: { min: MEBIBYTE, max: 1024 * 1024 * MEBIBYTE },
  cpus: { min: 0.1, max: 256 },
  openFiles: { min: 64, max: 1_048_576 },
} as const;

/** Limits of a sandbox. What is absent is the provider's configured default. */
export interface SandboxLimits {
  /** Memory of everything in the sandbox together, swap included. */
  readonly memoryBytes?: number | undefined;
  /** Processes and threads at one time, those of the sandbox's own machinery included. */
  readonly processes?: number | undefined;
  /** Bytes of the work folder. A write beyond it fails in the program as it does on a full disk. */
  readonly diskBytes?: number | undefined;
  /** Processor time, as a number of processors, with fractions. A program that wants more is slowed down, never ended. */
  readonly cpus?: number | undefined;
  /** Open files of one process. One more fails in the program. */
  readonly openFiles?: number | undefined;
}

/** Names of the sandbox limits, in a fixed order. */
export const SANDBOX_LIMIT_NAMES = ['memoryBytes', 'processes', 'diskBytes', 'cpus', 'openFiles'] as const;
