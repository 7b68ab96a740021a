import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Ids that say where a sandbox lives and for which tenant: `<executor>.<provider's id>.<seal>`. The seal is made with the executor's key, so that nobody comes by another tenant's sandbox by
 * thinking up an id, also after a restart, when nothing else is remembered of it.
 */
export class SandboxIds {
  readonly #executorName: string;
  readonly #key: string | Buffer;

  constructor(executorName: string, key: string | Buffer) {
    this.#executorName = executorName;
    this.#key = key;
  }

  make(innerId: string, tenant: string): string {
    return `${this.#executorName}.${Buffer.from(innerId).toString('base64url')}.${this.#seal(innerId, tenant)}`;
  }

  /** The provider's own id; nothing for what is no id of ours, or is another tenant's. */
  open(id: string, tenant: string): string | undefined {
    const [executorName, encoded] = id.split('.');
    if (executorName !== this.#executorName || encoded === undefined) return undefined;
    const innerId = Buffer.from(encoded, 'base64url').toString('utf8');
    // The whole of it: another spelling of the same would be another sandbox to whoever counts them.
    const expected = Buffer.from(this.make(innerId, tenant));
    const given = Buffer.from(id);
    return given.length === expected.length && timingSafeEqual(given, expected) ? innerId : undefined;
  }

  #seal(innerId: string, tenant: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([this.#executorName, tenant, innerId]))
      .digest('base64url');
  }
}

/** Name of the executor at which something lives, by its id. */
export function executorOf(id: string): string {
  return id.split('.')[0] ?? '';
}
