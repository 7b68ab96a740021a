import type { NetworkPolicy } from './execution/execution-request.ts';
import type { Language } from './language.ts';

/**
 * What a provider can do: plain data, readable without I/O, and the same for its whole life. The conformance suite chooses
 * its cases by it, and expects a clear refusal for everything that is not declared. A provider that learns of the rest only by asking
 * declares what it can do at most, and has {@link SandboxProvider.askCapabilities}.
 */
export interface ProviderCapabilities {
  readonly languages: readonly Language[];
  /**
   * What JavaScript finds around it. `node`: Node's modules and globals. `ecmascript`: the language with `console`, timers, `TextEncoder`, `TextDecoder`
   * and `crypto`, and a global `sandbox` for files, input, environment and exit. Without meaning where JavaScript is not among the languages.
   */
  readonly javascriptRuntime: 'node' | 'ecmascript';
  /** `one`: a sandbox executes once. `many`: it executes again and keeps its files. */
  readonly executionsPerSandbox: 'one' | 'many';
  /** Output reaches the callback while the program runs; otherwise it arrives in one piece at the end. */
  readonly streamsOutput: boolean;
  /** `stdin` of a request. */
  readonly stdin: boolean;
  /** Sandboxes make contexts, whose variables outlive a call: {@link Sandbox.createContext}. */
  readonly contexts: boolean;
  /** Figures and what the program displays come back as artifacts below `display/`. */
  readonly richResults: boolean;
  /** `idleTimeoutMs` and `lifetimeMs` of a sandbox are kept, and {@link Sandbox.extend} puts its end off. */
  readonly lifetimes: boolean;
  /** A sandbox made with `reconnectable` outlives its maker's connection: {@link SandboxProvider.connectSandbox}. */
  readonly reconnect: boolean;
  /** `files` of a request, and {@link Sandbox.writeFile} and {@link Sandbox.readFile}. */
  readonly files: boolean;
  /** Files that the run leaves in `artifacts/` come back. */
  readonly artifacts: boolean;
  /** `environment` of a request. */
  readonly environment: boolean;
  /** An aborted call ends the program, not only the waiting for it. */
  readonly cancellation: boolean;
  readonly network: readonly NetworkPolicy[];
  /** Which limits are really kept. A request that sets one that is `false` is refused. */
  readonly limits: {
    readonly memory: boolean;
    readonly processes: boolean;
    readonly disk: boolean;
    readonly cpus: boolean;
    readonly openFiles: boolean;
  };
  /** Programs are processes of a system: they start subprocesses and threads, send signals, make pipes with names. */
  readonly subprocesses: boolean;
  /** Highest values that this provider takes; a request above one is refused with the field's name. */
  readonly maxima: {
    readonly timeoutMs: number;
    readonly memoryBytes?: number;
    readonly processes?: number;
    readonly diskBytes?: number;
    readonly cpus?: number;
    readonly openFiles?: number;
    readonly outputBytes?: number;
    readonly artifactCount?: number;
    readonly artifactTotalBytes?: number;
    /** Of `lifetimeMs` and `idleTimeoutMs`. */
    readonly lifetimeMs?: number;
  };
}
