/**
 * The boundary around user code, from the point of view of what an attacker would have to break:
 * `gvisor` a kernel in user space, `runc` the host's kernel with namespaces and cgroups, `wasm` a WebAssembly engine,
 * `remote` whatever a service keeps behind its API.
 */
export const ISOLATION_KINDS = ['gvisor', 'runc', 'wasm', 'remote'] as const;

/** One of {@link ISOLATION_KINDS}. */
export type IsolationKind = (typeof ISOLATION_KINDS)[number];

/** The isolation that was really in force. It is measured where the code runs, never copied from the configuration. */
export interface MeasuredIsolation {
  readonly kind: IsolationKind;
  /** How it was measured, for example `guest-kernel-log`. */
  readonly measuredBy: string;
}
