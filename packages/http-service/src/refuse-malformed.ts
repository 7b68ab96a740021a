import type { Socket } from 'node:net';
import { isAnswering } from './one-at-a-time.ts';

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers what is no HTTP, and ends its connection. */
export function refuseMalformed(error: Error & { readonly code?: string }, socket: Socket): void {
  // Nobody is there to be answered, or another answer is on its way, into which this one would get.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy(error);
    return;
  }
  socket.end(`HTTP/1.1 ${ANSWERS[error.code ?? ''] ?? '400 Bad Request'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Whoever does not take an answer of a hundred bytes in this time will not take it at all. */
const LINGER_MS = 1000;
