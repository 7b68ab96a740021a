import { Buffer } from 'node:buffer';
import { ARTIFACT_OMISSION_REASONS, type ExecutionLimits } from '@sandport/core';
import { z } from 'zod';
import { encodeFrame, FRAME } from './frame-codec.ts';

/** The supervisor is up and its child waits for a job. */
export const helloSchema = z.object({
  protocol: z.int(),
  language: z.string(),
  isolation: z.object({ kind: z.string(), measuredBy: z.string() }),
});

const failureSchema = z.object({ path: z.string(), errno: z.int(), reason: z.string() }).nullable();

/** Why a file could not be written or read. */
export type FileFailure = NonNullable<z.output<typeof failureSchema>>;

/** A file was written, or not. */
export const acknowledgeSchema = z.object({ path: z.string(), failure: failureSchema });

/** The program's main process is over, and everything it started. */
export const exitedSchema = z.object({
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  outputLimit: z.enum(['stdout', 'stderr']).nullable(),
  outOfMemory: z.object({ source: z.enum(['cgroup-v1-oom-kill', 'cgroup-v2-oom-kill']), kills: z.int() }).nullable(),
  runMs: z.number(),
});

/** What the supervisor says of the program's end. */
export type ExitedMessage = z.output<typeof exitedSchema>;

/** A file follows in data frames that sum up to `sizeBytes`. */
export const fileStartSchema = z.object({ path: z.string(), sizeBytes: z.int().nonnegative(), failure: failureSchema });

/** Everything was sent. */
export const doneSchema = z.object({
  omitted: z.array(z.object({ path: z.string(), reason: z.enum(ARTIFACT_OMISSION_REASONS), sizeBytes: z.int().nullable() })),
  collectMs: z.number(),
});

const CHUNK_BYTES = 256 * 1024;
const APPEND = 1;
const LAST = 2;
const FOR_JOB = 4;

/** Frames that write one file, in pieces. A file that belongs to a job stops the job when it cannot be written. */
export function writeFileFrames(path: string, content: Uint8Array, belongsToJob: boolean): Buffer[] {
  const pathBytes = Buffer.from(path);
  const frames: Buffer[] = [];
  let offset = 0;
  do {
    const piece = content.subarray(offset, offset + CHUNK_BYTES);
    const isLast = offset + piece.byteLength >= content.byteLength;
    const head = Buffer.alloc(3);
    head.writeUInt8((offset > 0 ? APPEND : 0) | (isLast ? LAST : 0) | (belongsToJob ? FOR_JOB : 0), 0);
    head.writeUInt16BE(pathBytes.length, 1);
    frames.push(encodeFrame(FRAME.writeFile, head, pathBytes, piece));
    offset += piece.byteLength;
  } while (offset < content.byteLength);
  return frames;
}

/** The frame that starts the program. */
export function jobFrame(limits: ExecutionLimits, runnerJob: Uint8Array): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      outputBytes: limits.outputBytes,
      valueBytes: limits.valueBytes,
      artifactCount: limits.artifactCount,
      artifactBytes: limits.artifactBytes,
      artifactTotalBytes: limits.artifactTotalBytes,
      artifactDepth: limits.artifactDepth,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return encodeFrame(FRAME.job, length, header, runnerJob);
}

/** The frame that asks for a file. */
export function readFileFrame(path: string): Buffer {
  return encodeFrame(FRAME.readFile, Buffer.from(path));
}
