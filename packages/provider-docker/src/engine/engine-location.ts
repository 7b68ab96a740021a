import type { AgentOptions } from 'node:https';

/** How the connection to an engine is encrypted. */
export interface EngineTls {
  /** Certificates of the authorities that are believed, in PEM. @default those of the system */
  readonly ca?: string;
  /** Our own certificate, in PEM. */
  readonly cert?: string;
  /** The key of our own certificate, in PEM. */
  readonly key?: string;
  /** Whether the engine must prove who it is. */
  readonly isVerified: boolean;
}

/** Where an engine is, and how that was found out. */
export interface EngineLocation {
  /** As the `docker` command writes it, for messages. */
  readonly address: string;
  /** Who said so, for messages: for example `DOCKER_HOST`. */
  readonly source: string;
  readonly endpoint: { readonly socketPath: string } | { readonly host: string; readonly port: number };
  /** `null` where nothing is encrypted. */
  readonly tls: EngineTls | null;
}

/** What an HTTPS agent is told, so that the certificates count wherever the location is used. */
export function agentOptions({ ca, cert, key, isVerified }: EngineTls): AgentOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: isVerified,
  };
}

/** An address, whether it is encrypted, and who said so, in one line for messages. */
export function describeLocation({ address, source, tls }: EngineLocation): string {
  const encryption = tls === null ? '' : tls.isVerified ? ', TLS' : ', TLS that is not verified';
  return `${address} (${source}${encryption})`;
}
