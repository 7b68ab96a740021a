/** A refusal in JSON with a number: `{"code": 404, "message": "…"}`. The control plane, the proxy and the daemon's REST answer so. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  /** Fields that stand beside the usual ones. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** A refusal of the RPC protocol: `{"code": "not_found", "message": "…"}`. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: ConnectCode;

  constructor(code: ConnectCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A refusal in plain text, as the server for code and routers answer. */
export class TextError extends Error {
  override readonly name = 'TextError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Codes of the RPC protocol that the fake uses, with the statuses that unary calls have for them. */
export const connectStatuses = {
  canceled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  unauthenticated: 401,
} as const;

export type ConnectCode = keyof typeof connectStatuses;

/** What the proxy says of a sandbox that does not run, whether it ever was. */
export const sandboxGone = (sandboxId: string): HttpError => new HttpError(502, 'The sandbox was not found', { sandboxId });

/** What the proxy says of a port on which nobody listens. */
export const portClosed = (sandboxId: string, port: number | undefined): HttpError =>
  new HttpError(502, 'The sandbox is running but port is not open', { sandboxId, port });

/** What the control plane says of a sandbox that is not there. */
export const sandboxUnknown = (sandboxId: string): HttpError =>
  new HttpError(404, `Sandbox "${sandboxId}" doesn't exist or you don't have access to it`);
