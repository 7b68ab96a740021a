import { Secret } from '@sandport/core';
import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import { aliyunError } from '../aliyun-errors.ts';

/**
 * Regions of the service: the endpoint map of the official control SDK (Go 5.8.4, TypeScript 5.9.2), and its documentation.
 */
export const OFFICIAL_REGIONS = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'cn-shenzhen', 'ap-southeast-1'] as const;

/**
 * Where a setting is looked for when nothing is stored for it, the first that is set and not empty. The names are those of the official SDKs; that of the template is
 * RAGFlow's.
 */
export const ENVIRONMENT_VARIABLES = {
  accessKeyId: ['AGENTRUN_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_ID'],
  accessKeySecret: ['AGENTRUN_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
  securityToken: ['AGENTRUN_SECURITY_TOKEN', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
  accountId: ['AGENTRUN_ACCOUNT_ID', 'FC_ACCOUNT_ID'],
  region: ['AGENTRUN_REGION', 'FC_REGION'],
  templateName: ['AGENTRUN_TEMPLATE_NAME'],
  controlEndpoint: ['AGENTRUN_CONTROL_ENDPOINT'],
  dataEndpoint: ['AGENTRUN_DATA_ENDPOINT'],
} as const;

/** A setting that may come from the environment. */
export type SettingName = keyof typeof ENVIRONMENT_VARIABLES;

const DEFAULTS: { readonly [Name in SettingName]?: string } = { region: 'cn-hangzhou', templateName: 'sandport-code-interpreter' };
const SECRET_SETTINGS: ReadonlySet<SettingName> = new Set(['accessKeySecret', 'securityToken']);

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

/** An endpoint, with its scheme apart. */
export interface Endpoint {
  readonly protocol: 'http' | 'https';
  /** Host, with a port where there is one. */
  readonly host: string;
}

/** Everything that is needed to speak to the service but the credentials. */
export interface AliyunSettings {
  readonly accountId: string | undefined;
  readonly region: string;
  readonly templateName: string;
  readonly control: Endpoint;
  /** `undefined` while no account is known and no endpoint is given. */
  readonly data: Endpoint | undefined;
}

/** A key that was stored or lies in the environment. */
export interface ConfiguredKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: Secret;
  readonly securityToken: Secret | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface FoundSetting {
  readonly value: string | undefined;
  readonly origin: SettingOrigin;
}

/** What a configuration amounts to in an environment. */
export function resolveSettings(config: AliyunProviderConfig, environment: Environment = process.env): AliyunSettings {
  const valueOf = (name: SettingName): string | undefined => findSetting(name, config, environment).value;
  const accountId = valueOf('accountId');
  const region = valueOf('region') ?? '';
  const dataEndpoint = valueOf('dataEndpoint');
  return {
    accountId,
    region,
    templateName: valueOf('templateName') ?? '',
    control: parseEndpoint(valueOf('controlEndpoint') ?? `agentrun.${region}.aliyuncs.com`),
    data:
      dataEndpoint === undefined
        ? accountId === undefined
          ? undefined
          : { protocol: 'https', host: `${accountId}-ram.agentrun-data.${region}.aliyuncs.com` }
        : ramEndpoint(parseEndpoint(dataEndpoint)),
  };
}

/**
 * The access key of a configuration. A stored key is taken as a whole: a token of the environment never joins it, since it would belong to another key.
 *
 * @throws SandboxError `CONFIG_MISSING` naming the field.
 */
export function resolveKey(config: AliyunProviderConfig, environment: Environment = process.env): ConfiguredKey {
  if (config.accessKeyId !== undefined && config.accessKeySecret !== undefined) {
    return { accessKeyId: config.accessKeyId, accessKeySecret: config.accessKeySecret, securityToken: config.securityToken };
  }
  const pairs = [0, 1].map((index) => keyOf(config, environment, index));
  const found = pairs.find((pair) => pair !== undefined);
  if (found !== undefined) return found;
  const missing = findSetting('accessKeyId', config, environment).value === undefined ? 'accessKeyId' : 'accessKeySecret';
  throw missingError(missing);
}

/** One of the two families of variables: the halves of a key belong together. */
function keyOf(config: AliyunProviderConfig, environment: Environment, index: number): ConfiguredKey | undefined {
  const read = (name: 'accessKeyId' | 'accessKeySecret' | 'securityToken') => readVariable(environment, ENVIRONMENT_VARIABLES[name][index]);
  const [accessKeyId, accessKeySecret, token] = [read('accessKeyId'), read('accessKeySecret'), read('securityToken')];
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  const securityToken = config.securityToken ?? (token === undefined ? undefined : new Secret(token));
  return { accessKeyId, accessKeySecret: new Secret(accessKeySecret), securityToken };
}

/** The error for a setting that is needed and nowhere to be found. */
export function missingError(name: SettingName): Error {
  const variables = ENVIRONMENT_VARIABLES[name].join(' or ');
  return aliyunError('CONFIG_MISSING', 'configure', `${name}: is stored nowhere, and neither ${variables} is set.`, {
    suggestion: `Store "${name}" in the configuration of this provider, or set ${variables}.`,
    details: { field: name },
  });
}

/** Says for each setting where its value comes from, for `sandport doctor`. No secret is shown. */
export function describeSettings(config: AliyunProviderConfig, environment: Environment = process.env): DescribedSetting[] {
  const settings = resolveSettings(config, environment);
  const derived: { readonly [Name in SettingName]?: string | undefined } = {
    controlEndpoint: `${settings.control.protocol}://${settings.control.host}`,
    dataEndpoint: settings.data === undefined ? undefined : `${settings.data.protocol}://${settings.data.host}`,
  };
  return (Object.keys(ENVIRONMENT_VARIABLES) as SettingName[]).map((name) => {
    const found = findSetting(name, config, environment);
    const shown = derived[name] ?? found.value;
    const origin: SettingOrigin = found.origin.kind === 'missing' && shown !== undefined ? { kind: 'derived' } : found.origin;
    return { name, origin, value: SECRET_SETTINGS.has(name) ? null : (shown ?? null) };
  });
}

function findSetting(name: SettingName, config: AliyunProviderConfig, environment: Environment): FoundSetting {
  const stored = config[name];
  if (stored !== undefined) return { value: stored instanceof Secret ? stored.reveal() : stored, origin: { kind: 'stored' } };
  for (const variable of ENVIRONMENT_VARIABLES[name]) {
    const value = readVariable(environment, variable);
    if (value !== undefined) return { value, origin: { kind: 'environment', variable } };
  }
  const value = DEFAULTS[name];
  return value === undefined ? { value, origin: { kind: 'missing' } } : { value, origin: { kind: 'default' } };
}

/** An empty variable counts as one that is not set. */
function readVariable(environment: Environment, variable: string | undefined): string | undefined {
  const value = variable === undefined ? undefined : environment[variable]?.trim();
  return value === '' ? undefined : value;
}

function parseEndpoint(text: string): Endpoint {
  const address = text.includes('://') ? text : `https://${text}`;
  if (!URL.canParse(address)) {
    throw aliyunError('CONFIG_INVALID', 'configure', 'An endpoint is no address.', {
      suggestion: 'Correct the endpoints of the configuration, or the variables AGENTRUN_CONTROL_ENDPOINT and AGENTRUN_DATA_ENDPOINT.',
    });
  }
  const { protocol, host } = new URL(address);
  return { protocol: protocol === 'http:' ? 'http' : 'https', host };
}

/**
 * Signed calls go to a host of their own: the official Python SDK 0.0.51 puts `-ram` behind the first label of hosts that contain `.agentrun-data.`, and leaves every other host
 * alone, that of a VPC endpoint included.
 */
function ramEndpoint({ protocol, host }: Endpoint): Endpoint {
  const [first = '', ...others] = host.split('.');
  if (others[0] !== 'agentrun-data' || first.endsWith('-ram')) return { protocol, host };
  return { protocol, host: [`${first}-ram`, ...others].join('.') };
}
