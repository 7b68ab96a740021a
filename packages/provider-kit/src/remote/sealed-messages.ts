import { Buffer } from 'node:buffer';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { HARDENING_MEASURES } from '@sandport/core';
import { z } from 'zod';

/** What the host says and asks in one exchange. The form is that of `guest/remote/mailbox.py`. */
export interface GuestRequest {
  /** Position of the first byte of `data` among all that the host ever sent. */
  readonly at: number;
  readonly data: Uint8Array;
  /** How many bytes of the supervisor's the host has. */
  readonly acked: number;
  /** How long the supervisor may wait for something to say. */
  readonly waitMs: number;
  readonly maxBytes: number;
  /** Which connection says it: random letters. */
  readonly connection: string;
  /** It takes the sandbox over from whichever connection has it. */
  readonly takeover: boolean;
}

const answerHeaderSchema = z.strictObject({
  received: z.int().nonnegative(),
  at: z.int().nonnegative(),
  busy: z.boolean(),
  /** Another connection has the sandbox now. */
  takenOver: z.literal(true).optional(),
  /** What is left of the sandbox's life, where it keeps that itself. */
  remainingMs: z.int().nonnegative().nullable().optional(),
  /** What was measured when it was set up. */
  hardening: z.array(z.enum(HARDENING_MEASURES)).optional(),
});

/** What the supervisor says in one exchange. */
export interface GuestAnswer extends z.output<typeof answerHeaderSchema> {
  /** Bytes from position `at` on. */
  readonly data: Buffer;
}

/** A request, and what is needed to know its answer. */
export interface SealedRequest {
  readonly bytes: Buffer;
  readonly nonce: Buffer;
}

const NONCE_BYTES = 16;
const SEAL_BYTES = 32;
const LENGTH_BYTES = 4;

/** Makes the bytes of a request, which nobody else can make. */
export function sealRequest(secret: Uint8Array, { data, ...header }: GuestRequest): SealedRequest {
  const nonce = randomBytes(NONCE_BYTES);
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  const body = Buffer.concat([length, json, data]);
  return { bytes: Buffer.concat([nonce, sealOf(secret, 'request', nonce, body), body]), nonce };
}

/** Reads an answer; `undefined` when nobody but the supervisor could have made it and it was not made, or it is not the answer to this request. */
export function openAnswer(secret: Uint8Array, { nonce }: Pick<SealedRequest, 'nonce'>, bytes: Buffer): GuestAnswer | undefined {
  const [seal, body] = [bytes.subarray(0, SEAL_BYTES), bytes.subarray(SEAL_BYTES)];
  if (body.length < LENGTH_BYTES || !timingSafeEqual(seal, sealOf(secret, 'answer', nonce, body))) return undefined;
  const headerEnd = LENGTH_BYTES + body.readUInt32BE(0);
  const header = answerHeaderSchema.parse(JSON.parse(body.toString('utf8', LENGTH_BYTES, headerEnd)));
  return { ...header, data: body.subarray(headerEnd) };
}

/** What a relay printed: an answer, that there was none, or that nobody was there to be asked; `undefined` when it is not what a relay prints. */
export function readRelayOutput({ nonce }: Pick<SealedRequest, 'nonce'>, output: string): Buffer | 'gone' | undefined {
  const mark = nonce.toString('hex');
  const found = new RegExp(`${mark}:([A-Za-z0-9+/=]*|gone):${mark}`).exec(output)?.[1];
  if (found === undefined || found === 'gone') return found;
  return Buffer.from(found, 'base64');
}

function sealOf(secret: Uint8Array, direction: 'request' | 'answer', nonce: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(direction).update(nonce).update(body).digest();
}
