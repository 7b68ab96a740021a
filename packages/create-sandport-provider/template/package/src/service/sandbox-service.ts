/** A sandbox that a service has made. */
export interface MadeSandbox {
  /** The service's name for it. */
  readonly id: string;
  /** When the service ends it at the latest, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/**
 * All that is asked of a service: it makes sandboxes and runs a Python program in one. Everything else (programs, files, contexts, limits, verdicts) is done by the kit's supervisor, which
 * is carried into each sandbox as such a program.
 *
 * Failures are thrown as `RemoteFailure` with the status or the code of the service, never with its words. None of the calls repeats anything by itself, and each heeds its signal.
 */
export interface SandboxService {
  /** How it is known what separates sandboxes from each other and from their host. Every result carries it. */
  readonly measuredBy: string;
  /** What whoever looks at the provider's health has to know of that, and what to do about it; `null` where nothing is wrong with it. */
  readonly warning: { readonly message: string; readonly remedy: string } | null;

  /** Makes a sandbox in which nothing has run. */
  createSandbox(signal: AbortSignal): Promise<MadeSandbox>;

  /** Runs a Python program, also while others run, and gives what it printed. Nothing but the program may change what is in the sandbox. */
  runPython(sandboxId: string, program: Uint8Array, signal: AbortSignal): Promise<string>;

  /** Whether the service still has it. */
  hasSandbox(sandboxId: string, signal: AbortSignal): Promise<boolean>;

  /** Ends it and everything in it; one that is not there is ended. */
  deleteSandbox(sandboxId: string, signal: AbortSignal): Promise<void>;
}
