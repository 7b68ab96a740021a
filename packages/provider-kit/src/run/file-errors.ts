import type { ProviderTerms } from '../provider-terms.ts';
import type { FileFailure } from '../supervisor/supervisor-messages.ts';

/** Linux error numbers that mean that there is no regular file to be had at a path. */
const ABSENT = new Set([2 /* ENOENT */, 20 /* ENOTDIR */, 21 /* EISDIR */, 22 /* EINVAL */, 40 /* ELOOP */]);

/** The error for a file that the sandbox could not take. */
export function refusedWrite(terms: ProviderTerms, failure: FileFailure, field = 'path'): Error {
  return terms.error('REQUEST_INVALID', 'write file', `${field}: "${failure.path}" could not be written (${failure.reason}).`, {
    suggestion: 'Choose another path, or ask for a larger "diskBytes".',
    details: { field, errno: failure.errno },
  });
}

/** The error for a file that the sandbox could not give. */
export function refusedRead(terms: ProviderTerms, failure: FileFailure): Error {
  if (!ABSENT.has(failure.errno)) {
    return terms.error('PROVIDER_UNAVAILABLE', 'read file', `"${failure.path}" could not be read (${failure.reason}).`, {
      suggestion: 'Check the permissions that the program gave the file.',
    });
  }
  return terms.error('FILE_NOT_FOUND', 'read file', `The sandbox has no regular file "${failure.path}".`, {
    suggestion: 'Look at the path; links are not followed.',
    details: { path: failure.path },
  });
}

/** The error for a stream that gives something else than it should. */
export function wrongPieceError(terms: ProviderTerms, field: string): Error {
  return terms.error('REQUEST_INVALID', 'read stream', `${field}: a piece of the stream is neither text nor bytes.`, {
    suggestion: `Let the stream in "${field}" give text or bytes.`,
    details: { field },
  });
}
