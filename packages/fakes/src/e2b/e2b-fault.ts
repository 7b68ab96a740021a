import type { FaultRule, FaultScript } from '../faults/fault-script.ts';
import type { E2bOperation, E2bPlane } from './e2b-operation.ts';

/** Faults of the connection and of the time that an answer takes. */
export type E2bConnectionFault =
  /** The work begins only after this time. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  /** No answer ever, not even a head; the connection stays open. The work is done only `after-work`. @default before-work */
  | { readonly kind: 'hang'; readonly when?: 'before-work' | 'after-work' }
  /**
   * The connection is reset: before anything was done, after the work but before the answer, or in the middle of the answer's body. The work of a stream is over when its
   * process or its code is; `in-answer` cuts a stream behind half of its first piece.
   */
  | { readonly kind: 'cut'; readonly when: 'before-work' | 'after-work' | 'in-answer' }
  /** The work is begun at once, and the answer is sent only when the caller has gone or `maxDelayMs` have passed. @default maxDelayMs 10000 */
  | { readonly kind: 'late-answer'; readonly maxDelayMs?: number }
  /** The work is done twice, as after a proxy's retry; the answer is that of the second time. */
  | { readonly kind: 'duplicate' };

/** Faults in which something else than the expected answer arrives. */
export type E2bAnswerFault =
  /**
   * An answer with this status. By default the work is not done, the body is JSON as the plane's errors are, and there is no `Retry-After`. `connect` is an error of the
   * RPC protocol (`{"code":"unavailable",…}`); with status 200, and for a procedure whose answer comes in pieces, it is in the frame that ends the answer, as the daemon
   * itself does it. `html` and `text` are what gateways send.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: 'json' | 'connect' | 'html' | 'text' | 'empty';
      /** Code of the RPC protocol. @default the one that belongs to the status */
      readonly code?: string;
      /** `error_code` of the JSON body, for example `sandbox_capacity_unavailable`. @default none */
      readonly errorCode?: string;
      readonly message?: string;
      /** In whole seconds, or as the date of this many milliseconds after the fake's now. */
      readonly retryAfter?: { readonly seconds: number } | { readonly dateInMs: number };
      /** Whether the work was done before the answer went wrong. @default false */
      readonly afterWork?: boolean;
    }
  /** Status 200 and the page of a gateway that wants the user to log in. The work is not done. */
  | { readonly kind: 'foreign-body' }
  /** The work is done; the answer is 200 with JSON that ends too early. Of a stream, its first piece does and nothing follows. */
  | { readonly kind: 'invalid-json' }
  /** The answer to a creation or connection names a daemon of no version, of none that can be read, or of one that is too old (0.0.9). The sandbox lives. */
  | { readonly kind: 'bad-envd-version'; readonly value: 'missing' | 'garbage' | 'too-old' }
  /** The answer to a creation or connection lacks the access token, which is demanded nevertheless. */
  | { readonly kind: 'missing-token' }
  /** The answer says that there is no such sandbox, while it lives: 502 in a sandbox, 404 of the control plane. The work is not done. */
  | { readonly kind: 'false-gone' }
  /** The proxy says that nobody listens on the port, as it does while the server for code still starts: 502. Not on the control plane. The work is not done. */
  | { readonly kind: 'closed-port' }
  /** The API key counts as expired or revoked, whatever it is; in a sandbox, its access token counts as wrong. */
  | { readonly kind: 'refused-key'; readonly reason: 'expired' | 'revoked' };

/** Faults of answers that come in pieces: those of `StartProcess`, `ConnectProcess` and `ExecuteCode`, and the byte faults those of `ReadFile`, too. */
export type E2bStreamFault =
  /**
   * The stream ends after so many bytes, or so many milliseconds after its head, whichever is first: by a reset, or as if it were complete though the event is missing that says
   * how it went. @default afterBytes never, afterMs never
   */
  | { readonly kind: 'stream-cut'; readonly as: 'reset' | 'clean-end'; readonly afterBytes?: number; readonly afterMs?: number }
  /** The event is missing that says how the process or the code ended; the stream itself ends well. */
  | { readonly kind: 'no-end-of-execution' }
  /** The last frame is missing, the one with flag 2 that ends every stream of the RPC protocol. */
  | { readonly kind: 'no-end-frame' }
  /** An empty line stands before each line of the answer. Only for `ExecuteCode`. */
  | { readonly kind: 'blank-line' }
  /** Output comes in events of so few bytes, of text so few characters: of a process, also in the middle of a character. @default pieceBytes 1 */
  | { readonly kind: 'split-output'; readonly pieceBytes?: number }
  /** The body is sent in pieces of so few bytes: in the middle of frames, of lines and of characters. @default pieceBytes 1 */
  | { readonly kind: 'split-body'; readonly pieceBytes?: number }
  /** No event is sent while nothing happens. */
  | { readonly kind: 'no-keepalives' }
  /** The head is sent, and then not one byte, though the work goes on. The connection stays open. */
  | { readonly kind: 'silent' };

/** Faults of what lives behind the answers. */
export type E2bStateFault =
  /** The sandbox that the request is for ends: before the work, or so many milliseconds after it began, which breaks its connections. @default delayMs 0 */
  | { readonly kind: 'vanish'; readonly when: 'before-work' | 'during-work'; readonly delayMs?: number }
  /** The creation is answered only when this time has passed; the sandbox lives, and is listed, before. */
  | { readonly kind: 'slow-creation'; readonly delayMs: number }
  /** `KillSandbox` is answered with 204, and nothing ends. */
  | { readonly kind: 'ignored-kill' };

/** Everything that can go wrong on demand. */
export type E2bFault = E2bConnectionFault | E2bAnswerFault | E2bStreamFault | E2bStateFault;

/** A fault of E2B, and the requests that meet it. */
export type E2bFaultRule = FaultRule<E2bPlane, E2bOperation, E2bFault>;

/** The faults that are in force. */
export type E2bFaultScript = FaultScript<E2bPlane, E2bOperation, E2bFault>;

/** The fault of one kind that a request met, if it did. */
export function findE2bFault<Kind extends E2bFault['kind']>(
  faults: readonly E2bFault[],
  kind: Kind,
): Extract<E2bFault, { kind: Kind }> | undefined {
  return faults.find((fault): fault is Extract<E2bFault, { kind: Kind }> => fault.kind === kind);
}
