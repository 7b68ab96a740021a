import { Secret } from '@sandport/core';
import type { Dialect } from '../control/dialect.ts';
import { isTold, MOST_STREAMS_TO_ONE_ADDRESS, type E2bProviderConfig } from '../e2b-provider-config.ts';
import { e2bError } from '../e2b-errors.ts';
import { KNOWN_SERVICES, type KnownService } from './services.ts';

/**
 * Where a setting is looked for when nothing is stored for it. The names are those of the official SDK, but for the template's. It is here that they are read: the SDK itself would fill
 * in from them, without a word, whatever a call leaves out.
 */
export const ENVIRONMENT_VARIABLES = {
  apiKey: 'E2B_API_KEY',
  accessToken: 'E2B_ACCESS_TOKEN',
  domain: 'E2B_DOMAIN',
  apiUrl: 'E2B_API_URL',
  sandboxUrl: 'E2B_SANDBOX_URL',
  template: 'E2B_TEMPLATE',
} as const;

/** A setting that may come from the environment. */
export type SettingName = keyof typeof ENVIRONMENT_VARIABLES;

/** Where the value of a setting comes from. */
export type SettingOrigin =
  | { readonly kind: 'stored' }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'default' }
  | { readonly kind: 'derived' }
  | { readonly kind: 'missing' };

/** One setting as an operator may see it. */
export interface DescribedSetting {
  readonly name: SettingName;
  readonly origin: SettingOrigin;
  /** `null` for secrets, whatever they are, and for what is missing. */
  readonly value: string | null;
}

/** Everything that is needed to reach a service. */
export interface E2bSettings {
  readonly apiKey: Secret | undefined;
  readonly accessToken: Secret | undefined;
  readonly domain: string;
  readonly apiUrl: string;
  /** One address for all sandboxes, or a pattern; nothing where each has a host of its own. */
  readonly sandboxUrl: string | undefined;
  readonly template: string;
  readonly dialect: Dialect | 'auto';
  readonly likelyDialect: Dialect;
  readonly headers: Readonly<Record<string, string>>;
  readonly proxy: Secret | undefined;
  readonly requestTimeoutMs: number;
  readonly debug: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface FoundSetting {
  readonly value: string | undefined;
  readonly origin: SettingOrigin;
}

/** Connections that the SDK opens to one address for streams. */
const STREAMS_VARIABLE = 'E2B_ENVD_RPC_CONNECTIONS';

const SECRET_SETTINGS: ReadonlySet<SettingName> = new Set(['apiKey', 'accessToken']);

/** Puts together what is stored, what the environment says, and what follows from it. Without I/O. */
export function resolveSettings(config: E2bProviderConfig, environment: Environment = process.env): E2bSettings {
  const find = (name: SettingName): string | undefined => findSetting(name, config, environment).value;
  const secret = (name: 'apiKey' | 'accessToken'): Secret | undefined => {
    const value = find(name);
    return value === undefined ? undefined : new Secret(value);
  };
  const domain = find('domain') ?? '';
  const { dialect, headers, proxy, requestTimeoutMs, debug } = config;
  const service = KNOWN_SERVICES[config.service];
  return {
    ...keysOf(config, secret),
    domain,
    apiUrl: find('apiUrl') ?? (domain === '' ? '' : `https://api.${domain}`),
    sandboxUrl: find('sandboxUrl'),
    template: find('template') ?? service.template,
    dialect,
    likelyDialect: service.dialect,
    headers,
    proxy,
    requestTimeoutMs,
    debug,
  };
}

/** A key that is stored does not go together with a token of the environment, which may be another service's. */
function keysOf(
  config: E2bProviderConfig,
  secret: (name: 'apiKey' | 'accessToken') => Secret | undefined,
): Pick<E2bSettings, 'apiKey' | 'accessToken'> {
  if (config.apiKey !== undefined || config.accessToken !== undefined) return { apiKey: config.apiKey, accessToken: config.accessToken };
  return { apiKey: secret('apiKey'), accessToken: secret('accessToken') };
}

/**
 * Makes sure that a service can be reached at all, by as many sandboxes as there may be.
 *
 * @throws SandboxError `CONFIG_MISSING`, `CONFIG_INVALID` naming the field.
 */
export function checkSettings(settings: E2bSettings, config: E2bProviderConfig, environment: Environment = process.env): void {
  if (!settings.debug) checkPresence(settings);
  const { sandboxUrl } = settings;
  if (sandboxUrl === undefined || isTold(sandboxUrl) || config.way === 'code-interpreter') return;
  // The SDK reads it whatever else it is told.
  const ofEnvironment = environment[STREAMS_VARIABLE]?.trim() ?? '';
  const most = ofEnvironment === '' ? MOST_STREAMS_TO_ONE_ADDRESS : Math.min(MOST_STREAMS_TO_ONE_ADDRESS, Number(ofEnvironment));
  if (config.maxSandboxes <= most) return;
  const message = `maxSandboxes: is ${config.maxSandboxes}, but one address for all sandboxes can carry ${Number.isNaN(most) ? 'none' : most}.`;
  throw e2bError('CONFIG_INVALID', 'configure', message, {
    suggestion: `Lower "maxSandboxes", put {sandbox} into "sandboxUrl" where the service allows it, or change ${STREAMS_VARIABLE} if it is set.`,
    details: { field: 'maxSandboxes' },
  });
}

function checkPresence(settings: E2bSettings): void {
  if (settings.apiKey === undefined && settings.accessToken === undefined) throw missingError('apiKey');
  if (settings.apiUrl === '') throw missingError('domain', 'or, for a service that has regions, "region"');
  if (settings.domain === '' && settings.sandboxUrl === undefined) throw missingError('sandboxUrl');
}

function missingError(name: SettingName, alternative = ''): Error {
  const variable = ENVIRONMENT_VARIABLES[name];
  return e2bError('CONFIG_MISSING', 'configure', `${name}: is stored nowhere, and ${variable} is not set.`, {
    suggestion: `Store "${name}"${alternative === '' ? '' : `, ${alternative},`} in the configuration of this provider, or set ${variable}.`,
    details: { field: name },
  });
}

/** Says for each setting where its value comes from, for `sandport doctor`. No secret is shown. */
export function describeSettings(config: E2bProviderConfig, environment: Environment = process.env): DescribedSetting[] {
  const { apiUrl, apiKey, accessToken } = resolveSettings(config, environment);
  return (Object.keys(ENVIRONMENT_VARIABLES) as SettingName[]).map((name) => {
    const found = findSetting(name, config, environment);
    if (name === 'apiUrl' && found.origin.kind === 'missing' && apiUrl !== '') return { name, origin: { kind: 'derived' }, value: apiUrl };
    if (name === 'apiKey' && apiKey === undefined) return { name, origin: { kind: 'missing' }, value: null };
    if (name === 'accessToken' && accessToken === undefined) return { name, origin: { kind: 'missing' }, value: null };
    return { name, origin: found.origin, value: SECRET_SETTINGS.has(name) ? null : (found.value ?? null) };
  });
}

function findSetting(name: SettingName, config: E2bProviderConfig, environment: Environment): FoundSetting {
  const stored = config[name];
  if (stored !== undefined) return { value: stored instanceof Secret ? stored.reveal() : stored, origin: { kind: 'stored' } };
  const variable = ENVIRONMENT_VARIABLES[name];
  const value = environment[variable]?.trim() ?? '';
  // A service that was chosen is not led elsewhere by what another program needs.
  if (value !== '' && (config.service === 'e2b' || config.service === 'custom' || !ADDRESSES.has(name))) {
    return { value, origin: { kind: 'environment', variable } };
  }
  const usual = defaultOf(name, config);
  return usual === undefined ? { value: undefined, origin: { kind: 'missing' } } : { value: usual, origin: { kind: 'default' } };
}

const ADDRESSES: ReadonlySet<SettingName> = new Set(['domain', 'apiUrl', 'sandboxUrl']);

function defaultOf(name: SettingName, { service, region }: E2bProviderConfig): string | undefined {
  const known: KnownService = KNOWN_SERVICES[service];
  if (name === 'template') return known.template;
  if (name !== 'domain' || known.domain?.includes('{region}') !== true) return name === 'domain' ? known.domain : undefined;
  return region === undefined ? undefined : known.domain.replace('{region}', region);
}
