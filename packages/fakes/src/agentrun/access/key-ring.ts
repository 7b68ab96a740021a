import { randomBytes, randomInt } from 'node:crypto';
import type { FakeAccessKey } from '../fake-agent-run.ts';

/** The access keys that are known. */
export class KeyRing {
  readonly #keys = new Map<string, FakeAccessKey>();

  add(key: FakeAccessKey): FakeAccessKey {
    this.#keys.set(key.accessKeyId, key);
    return key;
  }

  find(accessKeyId: string): FakeAccessKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  remove(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }
}

/** A key with what was asked for; the rest is made up as the vendor's keys look. Temporary keys begin with `STS.` */
export function makeAccessKey(wanted: Partial<FakeAccessKey>, accountId?: string): FakeAccessKey {
  const start = wanted.securityToken === undefined ? 'LTAI5t' : 'STS.NT';
  return {
    ...wanted,
    accountId: wanted.accountId ?? accountId ?? `1${String(randomInt(1e14)).padStart(15, '0')}`,
    accessKeyId: wanted.accessKeyId ?? `${start}${randomBytes(9).toString('hex')}`,
    accessKeySecret: wanted.accessKeySecret ?? randomBytes(15).toString('hex'),
  };
}
