import { ForeignPathError } from '../execution/sandbox-paths.ts';
import { systemCodeOf } from '../execution/system-code.ts';
import { ServiceError, serviceError } from './service-error.ts';

/** What the system says about files, as the service answers it. */
const fileErrors: Readonly<Record<string, readonly [number, string]>> = {
  ENOENT: [404, 'NOT_FOUND'],
  ENOTDIR: [400, 'INVALID_REQUEST'],
  EISDIR: [400, 'INVALID_REQUEST'],
  EEXIST: [409, 'ALREADY_EXISTS'],
  ENOTEMPTY: [409, 'ALREADY_EXISTS'],
  EACCES: [403, 'PERMISSION_DENIED'],
  EPERM: [403, 'PERMISSION_DENIED'],
  ENAMETOOLONG: [400, 'INVALID_REQUEST'],
  ENOSPC: [507, 'INSUFFICIENT_STORAGE'],
};

/** The refusal that an error of an operation is answered with; nothing when it is a fault of the fake. */
export function toServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (error instanceof ForeignPathError) return serviceError(403, 'PERMISSION_DENIED', error.message);
  const systemCode = systemCodeOf(error);
  const known = systemCode === undefined ? undefined : fileErrors[systemCode];
  // The system's message names paths of the host.
  return known === undefined ? undefined : serviceError(known[0], known[1], `the file system says ${systemCode}`);
}
