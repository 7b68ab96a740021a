/** What is known of a call that a service did not carry out. Nothing in it is text of the service's: that may quote what was secret. */
export interface RemoteFailureFacts {
  /** As the service names it, for example `CreateSandbox`. */
  readonly action: string;
  /**
   * `refused`: an answer says so, by its status or in its body. `unreadable`: an answer that the protocol does not allow. `unreachable`: there was no whole answer, so that it
   * is unknown whether the work was done.
   */
  readonly kind: 'refused' | 'unreadable' | 'unreachable';
  readonly status?: number | undefined;
  /** Code of the service, or of the system where there was no answer. */
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A service did not do what it was asked. */
export class RemoteFailure extends Error {
  override readonly name: string = 'RemoteFailure';
  readonly facts: RemoteFailureFacts;

  /** @param place Which part of the service it was, for the message. */
  constructor(facts: RemoteFailureFacts, place: string) {
    const parts = [
      facts.status === undefined ? undefined : `HTTP ${facts.status}`,
      facts.code,
      facts.requestId === undefined ? undefined : `request ${facts.requestId}`,
    ].filter((part) => part !== undefined);
    super(`${facts.action} (${place}): ${facts.kind}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`);
    this.facts = facts;
  }
}

/** The code of a call that had no answer in time. */
export const NO_ANSWER_IN_TIME = 'DEADLINE_EXCEEDED';

/** Longest text that is taken for a code or an id of a service. */
const LONGEST_CODE = 128;

/** A code or id of a service, when it looks like one: whatever else stands there is not repeated. */
export function codeText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LONGEST_CODE && /^[A-Za-z0-9._:-]+$/.test(value) ? value : undefined;
}

/** The code of a system error, also one that is wrapped, as `fetch` does. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  return codeText(Reflect.get(error, 'code')) ?? systemCodeOf(Reflect.get(error, 'cause'));
}
