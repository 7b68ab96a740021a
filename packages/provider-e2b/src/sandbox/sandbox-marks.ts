import type { OwnerMark } from '@sandport/provider-kit';

/** What the metadata of a sandbox says of it. The service keeps it and lists by it. */
export interface SandboxMarks {
  readonly owner: OwnerMark;
  /** Of this attempt to make a sandbox and no other: finds what was made when the answer was lost. */
  readonly tag: string;
}

/** Says that a sandbox is of ours. */
export const OURS = { sandport: '1' } as const;

const OWNER = 'sandport-owner';
const TAG = 'sandport-tag';
const OWNER_PATTERN = /^([0-9a-f]{8})\.(\d+)\.(\d+)$/;

/** The marks, as metadata. */
export function toMetadata({ owner, tag }: SandboxMarks): Record<string, string> {
  return { ...OURS, [OWNER]: `${owner.machine}.${owner.processId}.${owner.startTicks}`, [TAG]: tag };
}

/** The mark of one attempt, as metadata to look for. */
export function tagMetadata(tag: string): Record<string, string> {
  return { [TAG]: tag };
}

/** Whose a sandbox is; nothing when that cannot be read. */
export function ownerOf(metadata: Readonly<Record<string, string>> | null | undefined): OwnerMark | undefined {
  const [, machine, processId, startTicks] = OWNER_PATTERN.exec(metadata?.[OWNER] ?? '') ?? [];
  if (machine === undefined) return undefined;
  return { machine, processId: Number(processId), startTicks: Number(startTicks) };
}
