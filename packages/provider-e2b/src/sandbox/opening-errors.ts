import type { SandboxError } from '@sandport/core';
import { e2bError, failureReasonOf } from '../e2b-errors.ts';
import { E2bFailure } from '../http/e2b-failure.ts';

/** That nobody with this key can connect to a sandbox, for whatever reason. */
export function notFoundError(sandboxId: string): SandboxError {
  const id = sandboxId.slice(0, 100);
  return e2bError('SANDBOX_NOT_FOUND', 'connect to sandbox', `There is no sandbox "${id}" that can be connected to.`, {
    suggestion: 'It has ended, was not made with "reconnectable", or with another key: create another.',
    details: { sandboxId: id },
  });
}

/** What can be said when commands failed and no interpreter is there. An image without Python explains both. */
export function noWayError(known: SandboxError): SandboxError {
  if (failureReasonOf(known) === 'no-python') return known;
  const message =
    'There is no way into the sandbox: commands failed (see the cause), and nothing listens at the port of a code interpreter.';
  return e2bError('PROVIDER_UNAVAILABLE', 'create sandbox', message, {
    suggestion:
      'Check "sandboxUrl" and "domain"; if they are right, choose a template with bash and Python 3, or one with a code interpreter.',
    details: { reason: 'no-way' },
    cause: known,
  });
}

/** Whether it was commands that failed, so that another way may work. How a service without them says so differs. */
export function isWithoutCommands(known: SandboxError, error: unknown): boolean {
  if (failureReasonOf(known) === 'no-python') return true;
  return error instanceof E2bFailure && error.facts.plane === 'envd' && error.facts.status !== 401;
}
