import type { JsonObject } from '@sandport/core';
import { aliyunProviderConfigSchema, createAliyunProvider, describeSettings, type SettingName } from '@sandport/provider-aliyun';
import {
  parseGivenConfig,
  type Connection,
  type ConnectionField,
  type ConnectionForm,
  type Environment,
} from '../connection/connection-form.ts';
import { namesOnly, textOf, valuesFound } from '../connection/found-setting.ts';
import { formatDuration } from '../format-duration.ts';
import { ALIYUN_PROVIDER_ID } from './provider-id.ts';

/** Without these nothing can be asked of the service. */
const REQUIRED_FIELDS: readonly SettingName[] = ['accessKeyId', 'accessKeySecret', 'accountId'];

/** Regions of the service, as the provider's schema lists them. */
export const OFFICIAL_REGIONS: readonly string[] = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'cn-shenzhen', 'ap-southeast-1'];

type Field = ConnectionField & { readonly name: SettingName };

const needed = (): boolean => true;
const notNeeded = (): boolean => false;

/** Endpoints follow from the region, unless one is known or the region is none that they follow from. */
const ENDPOINT = {
  isNeeded: ({ region }: Connection): boolean => region !== undefined && !OFFICIAL_REGIONS.includes(region),
  isAskedFor: (_: Connection, preset: string | undefined): boolean => preset !== undefined,
};

const FIELDS: readonly Field[] = [
  {
    name: 'accessKeyId',
    hint: 'Access key of a RAM user who may use AgentRun.',
    variables: ['AGENTRUN_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_ID'],
    isNeeded: needed,
  },
  {
    name: 'accessKeySecret',
    hint: 'The secret of that key. Nothing of it is shown.',
    variables: ['AGENTRUN_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    isSecret: true,
    isNeeded: needed,
  },
  {
    name: 'securityToken',
    hint: 'Only with a temporary key of STS; otherwise press return.',
    variables: ['AGENTRUN_SECURITY_TOKEN', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
    isSecret: true,
    isNeeded: notNeeded,
  },
  {
    name: 'accountId',
    hint: 'Number of the main account, also with the key of a RAM user.',
    variables: ['AGENTRUN_ACCOUNT_ID', 'FC_ACCOUNT_ID'],
    isNeeded: needed,
  },
  {
    name: 'region',
    hint: `One of ${OFFICIAL_REGIONS.join(', ')}; another one needs both endpoints.`,
    variables: ['AGENTRUN_REGION', 'FC_REGION'],
    isNeeded: notNeeded,
    findProblem: findRegionProblem,
  },
  {
    name: 'templateName',
    hint: 'Template of type CodeInterpreter; it is created when there is none.',
    variables: ['AGENTRUN_TEMPLATE_NAME'],
    isNeeded: notNeeded,
  },
  {
    name: 'controlEndpoint',
    hint: 'Address of the control plane; a scheme is honoured. "-" takes that of the region.',
    variables: ['AGENTRUN_CONTROL_ENDPOINT'],
    ...ENDPOINT,
  },
  {
    name: 'dataEndpoint',
    hint: 'Address of the data plane; a scheme is honoured. "-" takes that of the region.',
    variables: ['AGENTRUN_DATA_ENDPOINT'],
    ...ENDPOINT,
  },
];

/** What stands against a region: those that are not official need the addresses of both planes. */
function findRegionProblem(region: string, others: Connection): string | undefined {
  if (OFFICIAL_REGIONS.includes(region)) return undefined;
  if (others['controlEndpoint'] !== undefined && others['dataEndpoint'] !== undefined) return undefined;
  return `is none that AgentRun is known to have (${OFFICIAL_REGIONS.join(', ')}), and only with both endpoints can another one be used`;
}

/** How the commands reach AgentRun. */
export const ALIYUN_FORM: ConnectionForm = {
  providerId: ALIYUN_PROVIDER_ID,
  verb: 'aliyun',
  configSchema: aliyunProviderConfigSchema,
  fields: FIELDS,
  keyFields: ['accessKeyId', 'accessKeySecret', 'securityToken'],
  keyMarks: ['accessKeyId'],
  secretInWords: 'The secret of the access key',
  resetField: 'credentialSource',
  fromEnvironment: environmentConnection,
  missingIn,
  open: (config, note) =>
    createAliyunProvider(parseGivenConfig(aliyunProviderConfigSchema, config), {
      onTemplateProgress: ({ templateName, status, waitedMs }) => note(`template ${templateName}: ${status} (${formatDuration(waitedMs)})`),
    }),
};

function environmentConnection(environment: Environment): Connection {
  const described = describeSettings(aliyunProviderConfigSchema.parse({}), namesOnly(environment));
  return { ...secretWithoutKey(environment), ...valuesFound(described, environment) };
}

/** The provider takes no secret without its key. That it is there is to be known all the same, so that nobody is told that it is missing. */
function secretWithoutKey(environment: Environment): Connection {
  const [keyId, keySecret] = FIELDS;
  const variable = keySecret?.variables.find((name) => textOf(environment, name) !== '');
  const hasKey = keyId?.variables.some((name) => textOf(environment, name) !== '') === true;
  return variable === undefined || hasKey ? {} : { accessKeySecret: textOf(environment, variable) };
}

/** A chain of credentials needs no key, and an address of the data plane no account. */
function missingIn(config: JsonObject): SettingName[] {
  const usesChain = config['credentialSource'] === 'default-chain';
  const knowsPlace = config['dataEndpoint'] !== undefined;
  return REQUIRED_FIELDS.filter((name) => config[name] === undefined).filter((name) => (name === 'accountId' ? !knowsPlace : !usesChain));
}
