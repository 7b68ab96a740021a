/** What a look at left sandboxes found and did. */
export interface ReapReport {
  /** Sandboxes of ours that live, of whatever owner. */
  readonly seen: number;
  /** Those whose owner is known to be dead, or whose time is over. */
  readonly abandoned: readonly string[];
  readonly deleted: readonly string[];
  readonly failed: readonly string[];
}

/** What is looked at, and what is done about it. */
export interface ReapOptions<Sandbox> {
  readonly living: readonly Sandbox[];
  readonly idOf: (sandbox: Sandbox) => string;
  readonly isAbandoned: (sandbox: Sandbox) => Promise<boolean>;
  readonly end: (sandboxId: string) => Promise<void>;
  /** @default true: otherwise it only looks */
  readonly deletes?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Ends the sandboxes that nobody will ever end, one after the other; one that cannot be ended keeps no other from it. */
export async function reap<Sandbox>(options: ReapOptions<Sandbox>): Promise<ReapReport> {
  const { living, idOf, isAbandoned, end, deletes = true, signal } = options;
  const abandoned: string[] = [];
  for (const sandbox of living) if (await isAbandoned(sandbox)) abandoned.push(idOf(sandbox));
  const [deleted, failed]: [string[], string[]] = [[], []];
  for (const sandboxId of deletes ? abandoned : []) {
    signal?.throwIfAborted();
    const [outcome] = await Promise.allSettled([end(sandboxId)]);
    (outcome.status === 'fulfilled' ? deleted : failed).push(sandboxId);
  }
  return { seen: living.length, abandoned, deleted, failed };
}
