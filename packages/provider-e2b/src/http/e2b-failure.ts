import { isPassing, RemoteFailure, type RemoteFailureFacts } from '@sandport/provider-kit';

/** The part of the service that manages sandboxes, the one that runs commands in a sandbox, and the one that runs code in its interpreters. */
export type E2bPlane = 'control' | 'envd' | 'interpreter';

/** What is known of a call that the service did not carry out. */
export interface E2bFailureFacts extends RemoteFailureFacts {
  readonly plane: E2bPlane;
  /** The service has nothing at this path. */
  readonly isAbsent?: boolean | undefined;
  /** Exit code of a command that ended where it should not have. */
  readonly exitCode?: number | undefined;
}

/** The service did not do what it was asked. */
export class E2bFailure extends RemoteFailure {
  override readonly name = 'E2bFailure';
  declare readonly facts: E2bFailureFacts;

  constructor(facts: E2bFailureFacts) {
    super(facts, facts.plane);
  }
}

/** Whether the service has no such call. */
export function isAbsent(error: unknown): boolean {
  return error instanceof E2bFailure && error.facts.isAbsent === true;
}

/** Whether the same call in a sandbox may succeed soon. What cannot be read the SDK calls an invalid argument, which it is only when it stays. An interpreter that is not known any more is not asked again: another is. */
export function isPassingInside(failure: RemoteFailure): boolean {
  if (isPassing(failure)) return true;
  if (!(failure instanceof E2bFailure)) return false;
  const { plane, status } = failure.facts;
  return (plane === 'envd' && status === 400) || (plane === 'interpreter' && status === 404);
}

/** Whether the same call of the control plane may succeed soon. One that the service does not have does not appear by waiting. */
export function isPassingOutside(failure: RemoteFailure): boolean {
  return isPassing(failure) && !isAbsent(failure);
}
