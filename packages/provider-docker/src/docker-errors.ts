import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { ProviderTerms } from '@sandport/provider-kit';

/** The provider's id, as stored. */
export const PROVIDER_ID = 'docker';

/** How this provider speaks of what its programs run in. */
export const DOCKER_TERMS = new ProviderTerms({
  providerId: PROVIDER_ID,
  instance: 'container',
  instances: 'containers',
  capacityField: 'maxContainers',
  advice: {
    lost: 'Check the Docker engine.',
    protocol: 'Run "sandport images build"; if it happens again, the container was compromised.',
    slow: "Look at the load of the engine's machine.",
    broken: 'Run "sandport doctor"; the cause holds the failure.',
  },
});

/** A SandboxError of this provider. */
export function dockerError(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
  return new SandboxError(code, message, { providerId: PROVIDER_ID, operation, ...options });
}

/**
 * Says in the contract's terms what went wrong between us and the engine, by HTTP status and system error code alone.
 * What is not known here is `PROVIDER_UNAVAILABLE` with its cause.
 *
 * @param place Where the engine is, for the message.
 */
export function toDockerError(error: unknown, operation: string, place?: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const statusCode = numberOf(error, 'statusCode');
  const systemCode = codeOf(error);
  if (systemCode !== undefined && UNREACHABLE.has(systemCode)) return unreachable(error, operation, systemCode, place);
  if (systemCode === 'EACCES' || systemCode === 'EPERM') return forbidden(error, operation);
  if (systemCode !== undefined && isTlsCode(systemCode)) return untrusted(error, operation, systemCode);
  if (statusCode === 401 || statusCode === 403) {
    return dockerError('AUTHENTICATION_FAILED', operation, `The Docker engine refused the call (HTTP ${statusCode}).`, {
      suggestion: 'Check the credentials or client certificate for this engine.',
      cause: error,
    });
  }
  return dockerError(
    'PROVIDER_UNAVAILABLE',
    operation,
    `The Docker engine could not ${operation}${statusCode === undefined ? '' : ` (HTTP ${statusCode})`}.`,
    {
      suggestion: 'Run "sandport doctor", and look at the engine\'s log.',
      cause: error,
    },
  );
}

/** HTTP status of an engine's answer, when it was one. */
export function statusOf(error: unknown): number | undefined {
  return numberOf(error, 'statusCode');
}

const UNREACHABLE = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

function unreachable(error: unknown, operation: string, systemCode: string, place: string | undefined): SandboxError {
  const where = place === undefined ? '' : ` at ${place}`;
  return dockerError('PROVIDER_UNAVAILABLE', operation, `The Docker engine${where} cannot be reached (${systemCode}).`, {
    suggestion: 'Start the Docker engine, or set the field "dockerHost" (or DOCKER_HOST) to where it listens.',
    details: { systemCode },
    cause: error,
  });
}

/** Codes of certificates that do not hold (OpenSSL's names), of TLS that cannot be agreed on, and of plain HTTP where TLS was expected or the reverse. */
const TLS_CODE = /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HPE_INVALID_|EPROTO$)/;

function isTlsCode(systemCode: string): boolean {
  return TLS_CODE.test(systemCode);
}

function untrusted(error: unknown, operation: string, systemCode: string): SandboxError {
  return dockerError('AUTHENTICATION_FAILED', operation, `The Docker engine and this program do not agree on TLS (${systemCode}).`, {
    suggestion:
      'Check that the certificates (tlsCa, tlsCert and tlsKey, DOCKER_CERT_PATH or the context) are those for this engine, and whether it speaks TLS.',
    details: { systemCode },
    cause: error,
  });
}

function forbidden(error: unknown, operation: string): SandboxError {
  return dockerError('PROVIDER_UNAVAILABLE', operation, 'This user may not open the socket of the Docker engine.', {
    suggestion: 'Run as a user of the group "docker", or use a rootless engine of your own.',
    cause: error,
  });
}

function numberOf(error: unknown, key: string): number | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
  return typeof value === 'number' ? value : undefined;
}

function codeOf(error: unknown): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof value === 'string' ? value : undefined;
}
