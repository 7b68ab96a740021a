/** What a guard lets a container be. What is not said here is fixed. */
export interface GuardLimits {
  /** Images that may be started and looked at, by their full names. */
  readonly images: readonly string[];
  /** Runtimes of the engine. */
  readonly runtimes: readonly string[];
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly openFiles: number;
  /** Tasks of the host, which under gVisor are several for each process of the program. */
  readonly tasks: number;
  readonly diskBytes: number;
  /** Containers with our label at one time. */
  readonly containers: number;
}

const MEBIBYTE = 1024 * 1024;

/** The maxima that the docker provider has by default, and gVisor alone. */
export const DEFAULT_GUARD_LIMITS: GuardLimits = {
  images: ['python', 'javascript'].flatMap((language) => ['minimal', 'data'].map((profile) => `sandport/${language}:${profile}`)),
  runtimes: ['runsc'],
  memoryBytes: 2048 * MEBIBYTE,
  cpus: 2,
  openFiles: 4_096,
  tasks: 1_024 * 4 + 512,
  diskBytes: 1_024 * MEBIBYTE,
  containers: 64,
};
