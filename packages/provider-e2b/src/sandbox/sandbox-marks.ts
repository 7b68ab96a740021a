import { LANGUAGES, type Language } from '@sandport/core';
import type { OwnerMark } from '@sandport/provider-kit';
import { z } from 'zod';

/** The two ways into a sandbox. */
export const WAYS = ['commands', 'code-interpreter'] as const;

/** One of {@link WAYS}. */
export type WayName = (typeof WAYS)[number];

/** What is marked on a sandbox that others may take over. */
export interface ReconnectionMarks {
  readonly language: Language;
  readonly way: WayName;
  /** When it has to end at the latest, in milliseconds since the epoch. */
  readonly endsAtMs: number;
  /** Of the key that it was made with. */
  readonly keyMark: string;
}

/** What the metadata of a sandbox says of it. The service keeps it and lists by it. */
export interface SandboxMarks {
  readonly owner: OwnerMark;
  /** Of this attempt to make a sandbox and no other: finds what was made when the answer was lost. */
  readonly tag: string;
  /** Of the one provider object that made it. */
  readonly maker: string;
  readonly reconnection: ReconnectionMarks | undefined;
}

/** Says that a sandbox is of ours. */
export const OURS = { sandport: '1' } as const;

const TAG = 'sandport-tag';
const MAKER = 'sandport-maker';
const OWNER_PATTERN = /^([0-9a-f]{8})\.(\d+)\.(\d+)$/;

const marksSchema = z.looseObject({
  sandport: z.literal('1'),
  'sandport-owner': z.string().regex(OWNER_PATTERN),
  [TAG]: z.string().regex(/^[0-9a-f]{24}$/),
  [MAKER]: z.string().regex(/^[0-9a-f]{24}$/),
});

const reconnectionSchema = z.looseObject({
  'sandport-language': z.enum(LANGUAGES),
  'sandport-way': z.enum(WAYS),
  'sandport-key': z.string().regex(/^[0-9a-f]{32}$/),
  'sandport-ends': z.coerce.number().int().positive(),
});

/** The marks, as metadata. */
export function toMetadata({ owner, tag, maker, reconnection }: SandboxMarks): Record<string, string> {
  const marks = { ...OURS, 'sandport-owner': `${owner.machine}.${owner.processId}.${owner.startTicks}`, [TAG]: tag, [MAKER]: maker };
  if (reconnection === undefined) return marks;
  const { language, way, endsAtMs, keyMark } = reconnection;
  return { ...marks, 'sandport-language': language, 'sandport-way': way, 'sandport-ends': String(endsAtMs), 'sandport-key': keyMark };
}

/** The mark of one attempt, as metadata to look for. */
export function tagMetadata(tag: string): Record<string, string> {
  return { [TAG]: tag };
}

/** The mark of one provider object, as metadata to look for. */
export function makerMetadata(maker: string): Record<string, string> {
  return { [MAKER]: maker };
}

/** What metadata says; nothing for a sandbox that is not of ours. */
export function readMarks(metadata: Readonly<Record<string, string>> | null | undefined): SandboxMarks | undefined {
  const marks = marksSchema.safeParse(metadata);
  if (!marks.success) return undefined;
  const [, machine = '', processId, startTicks] = OWNER_PATTERN.exec(marks.data['sandport-owner']) ?? [];
  const reconnection = reconnectionSchema.safeParse(metadata);
  return {
    owner: { machine, processId: Number(processId), startTicks: Number(startTicks) },
    tag: marks.data[TAG],
    maker: marks.data[MAKER],
    reconnection: reconnection.success
      ? {
          language: reconnection.data['sandport-language'],
          way: reconnection.data['sandport-way'],
          endsAtMs: reconnection.data['sandport-ends'],
          keyMark: reconnection.data['sandport-key'],
        }
      : undefined,
  };
}
