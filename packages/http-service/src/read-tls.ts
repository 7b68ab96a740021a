import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SandboxError } from '@sandport/core';

/** Files of a server's certificate, in PEM. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** Authority of the certificates that callers must show. Absent: they show none. */
  readonly clientCaFile?: string | undefined;
}

/** What a server of TLS is made with. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly requestCert?: true;
  readonly rejectUnauthorized?: true;
}

/** @throws SandboxError `CONFIG_INVALID` naming the field, for files that cannot be read or do not belong together. */
export function readTls(config: TlsConfig): TlsMaterial {
  const material = { cert: readField(config, 'certFile'), key: readField(config, 'keyFile') };
  const ca = config.clientCaFile === undefined ? undefined : readField(config, 'clientCaFile');
  try {
    createSecureContext({ ...material, ...(ca === undefined ? {} : { ca }) });
  } catch (error) {
    throw invalid('tls', 'the files are no certificate and its key in PEM, or not of one another', error);
  }
  return ca === undefined ? material : { ...material, ca, requestCert: true, rejectUnauthorized: true };
}

function readField(config: TlsConfig, name: keyof TlsConfig): Buffer {
  const file = config[name] ?? '';
  try {
    return readFileSync(file);
  } catch (error) {
    throw invalid(`tls.${name}`, `${file} cannot be read`, error);
  }
}

function invalid(field: string, problem: string, cause: unknown): SandboxError {
  return new SandboxError('CONFIG_INVALID', `${field}: ${problem}.`, {
    operation: 'configure',
    suggestion: 'Give files in PEM that this user may read.',
    details: { field },
    cause,
  });
}
