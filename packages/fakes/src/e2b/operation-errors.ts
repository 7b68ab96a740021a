import { ForeignPathError } from '../execution/sandbox-paths.ts';
import { systemCodeOf } from '../execution/system-code.ts';
import type { Call } from './call.ts';
import { ConnectError, HttpError, sandboxGone, TextError, type ConnectCode } from './service-error.ts';

/** What the system says about files, as procedures and as transfers answer it. */
const fileErrors: Readonly<Record<string, readonly [ConnectCode, number]>> = {
  ENOENT: ['not_found', 404],
  ENOTDIR: ['invalid_argument', 400],
  EISDIR: ['invalid_argument', 400],
  EEXIST: ['already_exists', 400],
  ENOTEMPTY: ['already_exists', 400],
  EACCES: ['permission_denied', 403],
  EPERM: ['permission_denied', 403],
  ELOOP: ['invalid_argument', 400],
  EINVAL: ['invalid_argument', 400],
  ENAMETOOLONG: ['invalid_argument', 400],
  ENOSPC: ['resource_exhausted', 507],
};

/** The refusal that an error of an operation is answered with; nothing when it is a fault of the fake. */
export function toRefusal(error: unknown, { route, sandbox }: Call): Error | undefined {
  if (error instanceof HttpError || error instanceof ConnectError || error instanceof TextError) return error;
  // Whatever failed since the sandbox ended is answered by the proxy.
  if (sandbox?.hasEnded === true) return sandboxGone(sandbox.id);
  const systemCode = systemCodeOf(error);
  const known = error instanceof ForeignPathError ? fileErrors['EACCES'] : fileErrors[systemCode ?? ''];
  if (known === undefined) return undefined;
  const [code, status] = known;
  // The system's message names paths of the host.
  const message = error instanceof ForeignPathError ? error.message : `the file system says ${systemCode}`;
  if (route.plane === 'interpreter') return new TextError(500, message);
  return route.operation === 'ReadFile' || route.operation === 'WriteFile'
    ? new HttpError(status, message)
    : new ConnectError(code, message);
}
