import type { Problem } from '@sandport/executor-api';
import { isPassing, RemoteFailure, type RemoteFailureFacts } from '@sandport/provider-kit';

/** What is known of a call that an executor did not carry out. */
export interface ExecutorFailureFacts extends RemoteFailureFacts {
  /** Host and port that were spoken to. */
  readonly host: string;
  /** What the executor said, where it was one of ours. */
  readonly problem?: Problem | undefined;
}

/** An executor did not do what it was asked. */
export class ExecutorFailure extends RemoteFailure {
  override readonly name = 'ExecutorFailure';
  declare readonly facts: ExecutorFailureFacts;

  constructor(facts: ExecutorFailureFacts) {
    super(facts, facts.host);
  }
}

/** The code of an open answer in which nothing came for too long. */
export const FELL_SILENT = 'SILENT';

/** The code of a call by a client that was closed; undici has another for calls under way. */
export const CLIENT_CLOSED = 'CLOSED';

/** There was no connection yet when these happened. */
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether the other side is not the one that it should be, or we are not for it. OpenSSL and Node name these in several ways. */
export function isTlsCode(code: string | undefined): boolean {
  if (code === undefined) return false;
  return code === 'EPROTO' || /^(ERR_TLS_|ERR_SSL_)/.test(code) || /(^CERT_|_CERT|CERT_|CRL_|_SIGNATURE|HOSTNAME_MISMATCH)/.test(code);
}

/** Whether it is certain that nothing of the call reached anybody. */
export function wasNeverSent(failure: RemoteFailure): boolean {
  const { kind, code } = failure.facts;
  return kind === 'unreachable' && code !== undefined && BEFORE_SENDING.has(code);
}

/** Whether the same call, which may be carried out twice, may succeed soon. */
export function mayPass(failure: RemoteFailure): boolean {
  if (failure instanceof ExecutorFailure && failure.facts.problem !== undefined) return failure.facts.problem.retryable;
  const { kind, code } = failure.facts;
  return isPassing(failure) && kind !== 'unreadable' && !isTlsCode(code) && code !== CLIENT_CLOSED && code !== 'UND_ERR_DESTROYED';
}

/** Whether a call that must not be carried out twice may be made again. */
export function mayBeSentAgain(failure: RemoteFailure): boolean {
  return wasNeverSent(failure) && mayPass(failure);
}
