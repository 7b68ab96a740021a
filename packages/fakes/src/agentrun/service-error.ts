/** A refusal. `gateway` is answered with capitalised fields, as every API of the vendor does; `service` with lower-case ones. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly origin: 'gateway' | 'service';
  readonly status: number;
  readonly code: string;
  /** Fields that stand beside the usual ones. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    origin: ServiceError['origin'],
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.origin = origin;
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const gatewayError = (
  status: number,
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): ServiceError => new ServiceError('gateway', status, code, message, details);

export const serviceError = (status: number, code: string, message: string): ServiceError =>
  new ServiceError('service', status, code, message);
