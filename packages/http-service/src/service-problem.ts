import { toServiceProblem, type Problem, type ServiceProblemCode } from '@sandport/executor-api';

/** A refusal of the service itself, beside the codes of the contract. */
export class ServiceProblem extends Error {
  override readonly name = 'ServiceProblem';
  readonly problem: Problem;

  constructor(code: ServiceProblemCode, detail: string, more: { readonly retryAfterMs?: number } = {}) {
    super(detail);
    this.problem = toServiceProblem(code, detail, more);
  }
}
