/** A request as it came, before anything was decoded. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path as it was sent. */
  readonly path: string;
  /** What stood behind the question mark; empty when there was none. */
  readonly queryText: string;
  /** Names in lower case. A header that came twice has both values, with a comma between them. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether there was more of a body than is taken; then `body` is only its beginning. */
  readonly isTooLarge: boolean;
}

/** The pairs of a query, decoded as forms are. A key without a value has the empty one. */
export function decodeQuery(queryText: string): [string, string][] {
  return [...new URLSearchParams(queryText)];
}
