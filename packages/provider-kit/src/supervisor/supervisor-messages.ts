import { Buffer } from 'node:buffer';
import { ARTIFACT_OMISSION_REASONS, HARDENING_MEASURES, type ExecutionLimits } from '@sandport/core';
import { z } from 'zod';
import { encodeFrame, FRAME } from './frame-codec.ts';

/** The supervisor is up and its child waits for a job. */
export const helloSchema = z.object({
  protocol: z.int(),
  /** Which connection of the sandbox this is. */
  epoch: z.int().min(0).max(255),
  language: z.string(),
  isolation: z.object({ kind: z.string(), measuredBy: z.string(), hardening: z.array(z.enum(HARDENING_MEASURES)).optional() }),
  /** What the parent of the Python programs has imported; `null` for other languages. */
  preloaded: z.looseObject({ failed: z.record(z.string(), z.string()) }).nullable(),
  /** What is left of the sandbox's life; `null` while its connection's end is its own. */
  remainingMs: z.int().nullable(),
});

/** What a supervisor says of itself. */
export type Hello = z.output<typeof helloSchema>;

const failureSchema = z.object({ path: z.string(), errno: z.int(), reason: z.string() }).nullable();

/** Why a file could not be written or read. */
export type FileFailure = NonNullable<z.output<typeof failureSchema>>;

/** A file was written, or not. */
export const acknowledgeSchema = z.object({ path: z.string(), failure: failureSchema });

/** The program's main process is over, and everything it started. */
export const exitedSchema = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The program was a cell, and its context takes the next one. */
  contextLives: z.boolean(),
  outputLimit: z.enum(['stdout', 'stderr']).nullable(),
  outOfMemory: z.object({ source: z.enum(['cgroup-v1-oom-kill', 'cgroup-v2-oom-kill', 'wasm-memory-gate']), kills: z.int() }).nullable(),
  limits: z.array(
    z.object({
      limit: z.enum(['processes', 'disk', 'cpus']),
      source: z.enum(['cgroup-v1-pids-events', 'cgroup-v2-pids-events', 'cgroup-v1-cpu-stat', 'cgroup-v2-cpu-stat', 'file-system']),
      count: z.int().nullable(),
    }),
  ),
  runMs: z.number(),
});

/** What the supervisor says of the program's end. */
export type ExitedMessage = z.output<typeof exitedSchema>;

/** A file follows in data frames that sum up to `sizeBytes`. */
export const fileStartSchema = z.object({ path: z.string(), sizeBytes: z.int().nonnegative(), failure: failureSchema });

/** What became of a request for a context; also the answer to a job for a context that has ended. */
export const contextSchema = z.object({ id: z.string(), failure: z.enum(['too-many', 'failed', 'closed']).nullable() });

/** Everything was sent. */
export const doneSchema = z.object({
  omitted: z.array(z.object({ path: z.string(), reason: z.enum(ARTIFACT_OMISSION_REASONS), sizeBytes: z.int().nullable() })),
  collectMs: z.number(),
});

/** Bytes of a file in one frame. */
export const FILE_CHUNK_BYTES = 256 * 1024;
const APPEND = 1;
const LAST = 2;
const FOR_JOB = 4;

/** Frames that write one file, in pieces. A file that belongs to a job stops the job when it cannot be written. */
export function writeFileFrames(path: string, content: Uint8Array, belongsToJob: boolean): Buffer[] {
  const frames: Buffer[] = [];
  let offset = 0;
  do {
    const piece = content.subarray(offset, offset + FILE_CHUNK_BYTES);
    const isLast = offset + piece.byteLength >= content.byteLength;
    frames.push(writePieceFrame(path, piece, { isFirst: offset === 0, isLast, belongsToJob }));
    offset += piece.byteLength;
  } while (offset < content.byteLength);
  return frames;
}

/** The frame that writes one piece of a file: the first creates or empties it, the last one is acknowledged. */
export function writePieceFrame(
  path: string,
  piece: Uint8Array,
  { isFirst, isLast, belongsToJob = false }: { readonly isFirst: boolean; readonly isLast: boolean; readonly belongsToJob?: boolean },
): Buffer {
  const pathBytes = Buffer.from(path);
  const head = Buffer.alloc(3);
  head.writeUInt8((isFirst ? 0 : APPEND) | (isLast ? LAST : 0) | (belongsToJob ? FOR_JOB : 0), 0);
  head.writeUInt16BE(pathBytes.length, 1);
  return encodeFrame(FRAME.writeFile, head, pathBytes, piece);
}

/** What a job says besides its program. */
export interface JobOptions {
  /** Standard input follows. */
  readonly hasInput: boolean;
  /** The context whose cell it is; `null` for a program. */
  readonly contextId: string | null;
}

/** The frame that starts the program. */
export function jobFrame(limits: ExecutionLimits, { hasInput, contextId }: JobOptions, runnerJob: Uint8Array): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      outputBytes: limits.outputBytes,
      valueBytes: limits.valueBytes,
      artifactCount: limits.artifactCount,
      artifactBytes: limits.artifactBytes,
      artifactTotalBytes: limits.artifactTotalBytes,
      artifactDepth: limits.artifactDepth,
      stdin: hasInput,
      context: contextId,
    }),
  );
  return encodeFrame(FRAME.job, unsigned(header.length), header, runnerJob);
}

/** The frame that asks for a file, and says how many bytes of it may be sent at first. */
export function readFileFrame(path: string, creditBytes: number): Buffer {
  return encodeFrame(FRAME.readFile, unsigned(creditBytes), Buffer.from(path));
}

/** The frame that lets more bytes of a file come. */
export function readMoreFrame(creditBytes: number): Buffer {
  return encodeFrame(FRAME.readMore, unsigned(creditBytes));
}

/** The frame that opens or closes a context. */
export function contextFrame(type: typeof FRAME.openContext | typeof FRAME.closeContext, id: string): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify({ id })));
}

/** The frame that interrupts the cell that runs in a context; without effect when none does. */
export function interruptFrame(contextId: string): Buffer {
  return encodeFrame(FRAME.interrupt, Buffer.from(contextId));
}

/** The frame that ends what runs; when a context is named, only a cell of that one. */
export function killFrame(contextId: string | null): Buffer {
  return encodeFrame(FRAME.kill, Buffer.from(contextId ?? ''));
}

/** The frame that sets when the sandbox ends by itself. */
export function lifetimeFrame(idleMs: number, remainingMs: number): Buffer {
  return encodeFrame(FRAME.lifetime, Buffer.from(JSON.stringify({ idleMs, remainingMs })));
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
