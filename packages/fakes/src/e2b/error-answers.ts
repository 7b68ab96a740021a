import { jsonAnswer, type Answer } from '../http/answer.ts';
import { endFrame, STREAM_TYPE } from './envd/connect-protocol.ts';
import { ConnectError, connectStatuses, HttpError, TextError, type ConnectCode } from './service-error.ts';

const titles: Readonly<Record<number, string>> = {
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

const titleOf = (status: number): string => `${status} ${titles[status] ?? 'Error'}`;

/** The page that a gateway sends when what is behind it fails. */
export function htmlAnswer(status: number): Answer {
  const title = titleOf(status);
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(body) };
}

export function textAnswer(status: number, text = `${titleOf(status)}\n`): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };
}

/** The page of a network that wants its user to log in before anything else. */
export function captiveAnswer(): Answer {
  const body = '<!DOCTYPE html>\n<html><head><title>Guest network</title></head>\n<body>\n\n<h1>Please log in</h1>\n</body></html>\n';
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(body) };
}

export function connectErrorAnswer(status: number, code: string, message: string): Answer {
  return { ...jsonAnswer(status, { code, message }), headers: { 'content-type': 'application/json' } };
}

/** An error in the frame that ends an answer in pieces: its status is 200. */
export function connectEndAnswer(code: string, message: string): Answer {
  return { status: 200, headers: { 'content-type': STREAM_TYPE }, body: endFrame({ code, message }) };
}

/** The code of the RPC protocol that belongs to a status. */
export function connectCodeOf(status: number): ConnectCode {
  const known = (Object.keys(connectStatuses) as ConnectCode[]).find((code) => connectStatuses[code] === status);
  return known ?? 'unknown';
}

/** Writes a refusal in the shape of its kind; nothing when it is none. */
export function answerToError(error: unknown): Answer | undefined {
  if (error instanceof TextError) return textAnswer(error.status, error.message);
  if (error instanceof ConnectError) return connectErrorAnswer(connectStatuses[error.code], error.code, error.message);
  if (!(error instanceof HttpError)) return undefined;
  // The proxy's refusals begin with the sandbox.
  return jsonAnswer(error.status, { ...error.details, message: error.message, code: error.status });
}
