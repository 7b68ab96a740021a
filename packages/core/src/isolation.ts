/**
 * The boundary around user code, from the point of view of what an attacker would have to break:
 * `gvisor` a kernel in user space, `runc` the host's kernel with namespaces and cgroups, `wasm` a WebAssembly engine,
 * `remote` whatever a service keeps behind its API.
 */
export const ISOLATION_KINDS = ['gvisor', 'runc', 'wasm', 'remote'] as const;

/** One of {@link ISOLATION_KINDS}. */
export type IsolationKind = (typeof ISOLATION_KINDS)[number];

/**
 * What was taken, besides the boundary itself, from the process that runs user code: another user than the caller's (`user`), no capability (`capabilities`) and none to be
 * gained (`no-new-privileges`), a network namespace of its own without a network (`network-namespace`), limits of the kernel on what it can use (`resource-limits`), the runtime's own permission checks (`runtime-permissions`).
 */
export const HARDENING_MEASURES = [
  'user',
  'capabilities',
  'no-new-privileges',
  'network-namespace',
  'resource-limits',
  'runtime-permissions',
] as const;

/** One of {@link HARDENING_MEASURES}. */
export type HardeningMeasure = (typeof HARDENING_MEASURES)[number];

/** The isolation that was really in force. It is measured where the code runs, never copied from the configuration. */
export interface MeasuredIsolation {
  readonly kind: IsolationKind;
  /** How it was measured, for example `guest-kernel-log`. */
  readonly measuredBy: string;
  /** Measured as well, where the provider hardens the process around the boundary. */
  readonly hardening?: readonly HardeningMeasure[];
}
