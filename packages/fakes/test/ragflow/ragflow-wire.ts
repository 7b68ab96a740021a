import { z } from 'zod';

/** An answer, as it came. */
export interface WireAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly json: unknown;
}

/** A program, as RAGFlow's client sends it. */
export interface WireProgram {
  readonly code: string | Uint8Array;
  readonly language?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Sends a body as it is. */
export async function sendBody(url: string, body: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<WireAnswer> {
  const response = await fetch(`${url}/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, text, json: type === 'application/json' ? (JSON.parse(text) as unknown) : undefined };
}

/** Sends a program as RAGFlow's client does. */
export function sendProgram(
  url: string,
  program: WireProgram,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<WireAnswer> {
  const { code, language = 'python', arguments: given = {} } = program;
  const body = JSON.stringify({ code_b64: Buffer.from(code).toString('base64'), language, arguments: given });
  return sendBody(url, body, headers, signal);
}

/** The members of an answer that is an object. */
export const membersOf = (answer: WireAnswer): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(answer.json);
