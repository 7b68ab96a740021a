import { codeText, systemCodeOf } from '@sandport/provider-kit';
import { E2bFailure } from './e2b-failure.ts';

/**
 * What an error of the SDK's calls inside a sandbox says. They belong to several families, some of them the runtime's own, and a gateway's 429, 502, 503 and 504 all look like a sandbox
 * that has gone: so names decide, no wording does, and nothing here says that a sandbox is gone. Whether it is, the control plane is asked.
 */
export function toDataFailure(action: string, error: unknown): E2bFailure {
  if (error instanceof E2bFailure) return error;
  const name = error instanceof Error ? error.name : '';
  const of = (status: number): E2bFailure => new E2bFailure({ plane: 'envd', action, kind: 'refused', status });
  switch (name) {
    case 'AuthenticationError':
      return of(401);
    case 'InvalidArgumentError':
      return of(400);
    case 'RateLimitError':
      return of(429);
    case 'NotEnoughSpaceError':
      return of(507);
    case 'CommandExitError':
      return new E2bFailure({ plane: 'envd', action, kind: 'refused', exitCode: exitCodeOf(error) });
    default:
      return new E2bFailure({ plane: 'envd', action, kind: 'unreachable', code: systemCodeOf(error) ?? codeText(name) });
  }
}

function exitCodeOf(error: unknown): number {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'exitCode') : undefined;
  return typeof code === 'number' ? code : -1;
}
