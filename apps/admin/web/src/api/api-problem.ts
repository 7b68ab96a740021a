/** What is wrong with one field of what was sent. */
export interface FieldProblem {
  /** As the server names it, with dots between the parts of a path. */
  readonly field: string;
  readonly message: string;
}

/** What an {@link ApiProblem} is made of. */
export interface ProblemFacts {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** That of the server, or `SERVER_UNREACHABLE`, `ANSWER_TOO_LATE`, `ANSWER_UNREADABLE` of the page itself. */
  readonly code: string;
  readonly detail: string;
  readonly suggestion?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Why a call of the API gave nothing. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** One sentence of advice. */
  readonly suggestion: string | undefined;
  readonly fields: readonly FieldProblem[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly isRetryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(facts: ProblemFacts, options?: ErrorOptions) {
    super(facts.detail, options);
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.suggestion = facts.suggestion;
    this.fields = facts.fields ?? [];
    this.details = facts.details ?? {};
    this.isRetryable = facts.retryable ?? false;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** The problem of a failure, whatever it was. */
export function toApiProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({ status: 0, code: 'INTERNAL', detail: error instanceof Error ? error.message : String(error) }, { cause: error });
}

/** The problem that a server's document tells of: a problem after RFC 9457, or the error of an event. What cannot be read is said to be so. */
export function problemFrom(document: unknown, status: number): ApiProblem {
  const known = isRecord(document) ? document : {};
  const details = isRecord(known['details']) ? known['details'] : {};
  const detail = textOf(known['detail']) ?? textOf(known['message']);
  const code = textOf(known['code']);
  if (detail === undefined || code === undefined) {
    return new ApiProblem({
      status,
      code: 'ANSWER_UNREADABLE',
      detail: `The server answered with status ${status} and nothing that can be read.`,
    });
  }
  return new ApiProblem({
    status,
    code,
    detail,
    suggestion: textOf(known['suggestion']),
    fields: fieldsOf(details, detail),
    details,
    retryable: known['retryable'] === true,
    retryAfterMs: typeof known['retryAfterMs'] === 'number' ? known['retryAfterMs'] : undefined,
  });
}

function fieldsOf(details: Readonly<Record<string, unknown>>, detail: string): FieldProblem[] {
  const { fields, field } = details as { readonly fields?: unknown; readonly field?: unknown };
  if (Array.isArray(fields)) {
    return fields.flatMap((each: unknown) => {
      const name = isRecord(each) ? textOf(each['field']) : undefined;
      return isRecord(each) && name !== undefined ? [{ field: name, message: textOf(each['message']) ?? detail }] : [];
    });
  }
  return typeof field === 'string' ? [{ field, message: detail }] : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
