import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { AgentRunPlane } from './agent-run-operation.ts';
import type { ServiceError } from './service-error.ts';

const titles: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** The page that a gateway sends when what is behind it fails. */
export function htmlAnswer(status: number): Answer {
  const title = `${status} ${titles[status] ?? 'Error'}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return { status, headers: { 'content-type': 'text/html' }, body: Buffer.from(body) };
}

export function textAnswer(status: number): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(`${status} ${titles[status] ?? 'Error'}\n`) };
}

/** Writes a refusal in the shape of its origin. `isNested` is the data plane's other shape. */
export function errorAnswer(error: ServiceError, requestId: string, isNested: boolean): Answer {
  const { status, code, message, details } = error;
  const headers = { 'x-acs-request-id': requestId };
  if (isNested) return jsonAnswer(status, { error: { code, message } }, headers);
  if (error.origin === 'service') return jsonAnswer(status, { code, requestId, message, ...details }, headers);
  const body = {
    RequestId: requestId,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=AgentRun&requestId=${requestId}`,
    HostId: 'agentrun.aliyuncs.com',
    Code: code,
    ...details,
  };
  return jsonAnswer(status, body, headers);
}

/** Code that an answer of this status has when nobody names another. */
export function usualCode(plane: AgentRunPlane | undefined, status: number): string {
  if (status === 429) return plane === 'control' ? 'Throttling.User' : 'ERR_TOO_MANY_REQUESTS';
  if (status === 503) return plane === 'control' ? 'ServiceUnavailable' : 'ERR_UNAVAILABLE';
  if (status >= 500) return 'ERR_INTERNAL_SERVER_ERROR';
  return status === 404 ? 'ERR_NOT_FOUND' : 'ERR_BAD_REQUEST';
}
