import { join } from 'node:path';
import type { AdminConfig } from '../config/admin-config.ts';

/** Places that whoever deployed this program named, and that it may connect to wherever they are. */
export interface DeploymentPlaces {
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  readonly unixSockets: readonly string[];
}

/** What {@link deploymentPlaces} goes by. */
export interface DeploymentPlacesOptions {
  readonly config: Pick<AdminConfig, 'openId'>;
  /** Where the settings are: path of a file, or URL of a database. */
  readonly settings: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'mariadb:': 3306,
  'mysql:': 3306,
  'postgres:': 5432,
  'postgresql:': 5432,
  'tcp:': 2375,
};

/** The database of the settings, the OpenID Connect provider and the Docker engine of the environment. */
export function deploymentPlaces({ config, settings, environment }: DeploymentPlacesOptions): DeploymentPlaces {
  const addresses = [settings, config.openId?.issuer, environment['DOCKER_HOST']].flatMap((text) => parse(text) ?? []);
  return {
    endpoints: addresses.flatMap((address) => endpointOf(address) ?? []),
    unixSockets: addresses.flatMap((address) => socketOf(address) ?? []),
  };
}

function parse(text: string | undefined): URL | undefined {
  // A user without a host, as in `postgres://user@/database?host=/run/postgresql`, is no URL to the parser.
  const whole = text?.replace(/^([a-z]+:\/\/[^/?#]*@)\//i, '$1localhost/') ?? '';
  return /^[a-z]+:\/\//i.test(whole) && URL.canParse(whole) ? new URL(whole) : undefined;
}

function endpointOf(address: URL): DeploymentPlaces['endpoints'][number] | undefined {
  const { protocol, hostname, port } = address;
  const standard = PORTS[protocol];
  if (standard === undefined || hostname === '' || socketOf(address) !== undefined) return undefined;
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? standard : Number(port) };
}

/** Databases on this machine are reached by a socket that the query names, PostgreSQL by the folder that it is in. */
function socketOf({ protocol, port, searchParams }: URL): string | undefined {
  const path = searchParams.get('host') ?? searchParams.get('socket') ?? searchParams.get('socketPath');
  if (path?.startsWith('/') !== true) return undefined;
  return protocol.startsWith('postgres') ? join(path, `.s.PGSQL.${port === '' ? (searchParams.get('port') ?? '5432') : port}`) : path;
}
