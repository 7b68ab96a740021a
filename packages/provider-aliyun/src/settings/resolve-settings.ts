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
  /** The default chain of `@alicloud/credentials` looks for it. */
  | { readonly kind: 'chain' }
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

const MISSING: FoundSetting = { value: undefined, origin: { kind: 'missing' } };

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
 * The access key of a configuration.
 *
 * @throws SandboxError `CONFIG_MISSING` naming the field.
 */
export function resolveKey(config: AliyunProviderConfig, environment: Environment = process.env): ConfiguredKey {
  const found = findKey(config, environment);
  const [accessKeyId, accessKeySecret] = [found.accessKeyId.value, found.accessKeySecret.value];
  if (accessKeyId === undefined || accessKeySecret === undefined)
    throw missingError(accessKeyId === undefined ? 'accessKeyId' : 'accessKeySecret');
  const token = found.securityToken.value;
  return { accessKeyId, accessKeySecret: new Secret(accessKeySecret), securityToken: token === undefined ? undefined : new Secret(token) };
}

type KeySettingName = keyof ConfiguredKey;

/**
 * The parts of a key belong together: a stored one is taken as a whole, and else one family of variables. A token of the environment never joins a stored key, nor half a key of one
 * family that of the other.
 */
function findKey(config: AliyunProviderConfig, environment: Environment): Record<KeySettingName, FoundSetting> {
  const ofFamily = (name: KeySettingName, family: number): FoundSetting => {
    const variable = ENVIRONMENT_VARIABLES[name][family];
    const value = readVariable(environment, variable);
    return value === undefined || variable === undefined ? MISSING : { value, origin: { kind: 'environment', variable } };
  };
  const stored = (name: KeySettingName): FoundSetting => (config[name] === undefined ? MISSING : findSetting(name, config, {}));
  if (config.accessKeyId !== undefined) {
    return { accessKeyId: stored('accessKeyId'), accessKeySecret: stored('accessKeySecret'), securityToken: stored('securityToken') };
  }
  const families = [0, 1].map((family) => ({
    accessKeyId: ofFamily('accessKeyId', family),
    accessKeySecret: ofFamily('accessKeySecret', family),
    securityToken: config.securityToken === undefined ? ofFamily('securityToken', family) : stored('securityToken'),
  }));
  const whole = families.find(({ accessKeyId, accessKeySecret }) => accessKeyId !== MISSING && accessKeySecret !== MISSING);
  const begun = families.find(({ accessKeyId }) => accessKeyId !== MISSING);
  return whole ?? begun ?? { accessKeyId: MISSING, accessKeySecret: MISSING, securityToken: MISSING };
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
  const key = findKey(config, environment);
  return (Object.keys(ENVIRONMENT_VARIABLES) as SettingName[]).map((name) => {
    if (isKeySetting(name) && config.credentialSource === 'default-chain') return { name, origin: { kind: 'chain' }, value: null };
    const found = isKeySetting(name) ? key[name] : findSetting(name, config, environment);
    const shown = derived[name] ?? found.value;
    const origin: SettingOrigin = found.origin.kind === 'missing' && shown !== undefined ? { kind: 'derived' } : found.origin;
    return { name, origin, value: SECRET_SETTINGS.has(name) ? null : (shown ?? null) };
  });
}

function isKeySetting(name: SettingName): name is KeySettingName {
  return name === 'accessKeyId' || name === 'accessKeySecret' || name === 'securityToken';
}

function findSetting(name: SettingName, config: AliyunProviderConfig, environment: Environment): FoundSetting {
  const stored = config[name];
  if (stored !== undefined) return { value: stored instanceof Secret ? stored.reveal() : stored, origin: { kind: 'stored' } };
  for (const variable of ENVIRONMENT_VARIABLES[name]) {
    const value = readVariable(environment, variable);
    if (value !== undefined) return { value, origin: { kind: 'environment', variable } };
  }
  const value = DEFAULTS[name];
  return value === undefined ? MISSING : { value, origin: { kind: 'default' } };
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
