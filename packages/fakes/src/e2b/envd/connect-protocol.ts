import type { z } from 'zod';
import { jsonAnswer, type Answer } from '../../http/answer.ts';
import type { Call } from '../call.ts';
import { ConnectError, HttpError } from '../service-error.ts';

const FLAG_COMPRESSED = 1;
const FLAG_END = 2;
const HEAD_BYTES = 5;

/** Media type of calls whose answers come in pieces. */
export const STREAM_TYPE = 'application/connect+json';

const mediaType = (call: Call): string => (call.request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw new ConnectError('invalid_argument', `the message is not JSON: ${String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConnectError('invalid_argument', `${issue?.path.join('.') ?? 'message'}: ${issue?.message ?? 'is wrong'}`);
}

/** The message of a call with one answer. */
export function readMessage<Schema extends z.ZodType>(schema: Schema, call: Call): z.output<Schema> {
  if (mediaType(call) !== 'application/json') throw new HttpError(415, 'Unsupported Media Type');
  return parse(schema, call.request.body.toString());
}

/** The messages of a call that is made in frames: a flag, the length, the message. */
export function readFrames<Schema extends z.ZodType>(schema: Schema, call: Call): z.output<Schema>[] {
  if (mediaType(call) !== STREAM_TYPE) throw new HttpError(415, 'Unsupported Media Type');
  const { body } = call.request;
  const messages: z.output<Schema>[] = [];
  for (let start = 0; start < body.length;) {
    if (body.length < start + HEAD_BYTES) throw new ConnectError('invalid_argument', 'a frame ends too early');
    const end = start + HEAD_BYTES + body.readUInt32BE(start + 1);
    if (body.length < end) throw new ConnectError('invalid_argument', 'a frame ends too early');
    const flags = body[start] ?? 0;
    if ((flags & FLAG_COMPRESSED) !== 0) throw new ConnectError('unimplemented', 'compressed messages are not taken');
    if ((flags & FLAG_END) === 0) messages.push(parse(schema, body.subarray(start + HEAD_BYTES, end).toString()));
    start = end;
  }
  return messages;
}

/** The one message of a call whose answer comes in pieces. */
export function readFrame<Schema extends z.ZodType>(schema: Schema, call: Call): z.output<Schema> {
  const [message] = readFrames(schema, call);
  if (message === undefined) throw new ConnectError('invalid_argument', 'there is no message');
  return message;
}

function frame(flags: number, value: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = flags;
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, text]);
}

export const messageFrame = (value: unknown): Buffer => frame(0, value);

/** The frame that ends every answer in pieces. */
export function endFrame(error?: { readonly code: string; readonly message: string }): Buffer {
  return frame(FLAG_END, error === undefined ? {} : { error });
}

/** A message as the answer to a call. */
export const messageAnswer = (value: unknown): Answer => ({ ...jsonAnswer(200, value), headers: { 'content-type': 'application/json' } });
