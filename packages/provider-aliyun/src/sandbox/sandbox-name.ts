import { randomBytes } from 'node:crypto';
import type { OwnerMark } from '@sandport/provider-kit';

/** What the id of a sandbox says of it. The service keeps no other marks of ours. */
export interface SandboxName {
  readonly owner: OwnerMark;
  /** When the service has ended it at the latest, in whole seconds since the epoch. */
  readonly leaseEndsAtSeconds: number;
}

const PATTERN = /^sandport-([0-9a-f]{8})-([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)-[0-9a-f]{12}$/;
const RADIX = 36;

/** A new id. It stays within letters, digits and `-`: what an id may contain is not documented. */
export function newSandboxId({ owner, leaseEndsAtSeconds }: SandboxName): string {
  const numbers = [owner.processId, owner.startTicks, leaseEndsAtSeconds].map((number) => number.toString(RADIX));
  return ['sandport', owner.machine, ...numbers, randomBytes(6).toString('hex')].join('-');
}

/** What an id says; nothing for one that is not of ours. */
export function parseSandboxId(sandboxId: string): SandboxName | undefined {
  const [, machine, ...texts] = PATTERN.exec(sandboxId) ?? [];
  const [processId, startTicks, leaseEndsAtSeconds] = texts.map((text) => Number.parseInt(text, RADIX));
  if (machine === undefined || processId === undefined || startTicks === undefined || leaseEndsAtSeconds === undefined) return undefined;
  return { owner: { machine, processId, startTicks }, leaseEndsAtSeconds };
}
