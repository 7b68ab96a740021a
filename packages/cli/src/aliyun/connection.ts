import { describeIssue } from '@sandport/core';
import { aliyunProviderConfigSchema, type AliyunProviderConfig, type SettingName } from '@sandport/provider-aliyun';
import { usageError } from '../usage-error.ts';

/** What reaches AgentRun, as texts: the fields of the provider's configuration that `configure aliyun` fills. What is absent is not stored. */
export type Connection = { readonly [Name in SettingName]?: string };

/** The fields of a {@link Connection}, in the order in which they are asked for. */
export const CONNECTION_FIELDS = [
  'accessKeyId',
  'accessKeySecret',
  'securityToken',
  'accountId',
  'region',
  'templateName',
  'controlEndpoint',
  'dataEndpoint',
] as const satisfies readonly SettingName[];

/** Without these nothing can be asked of the service. */
export const REQUIRED_FIELDS: readonly SettingName[] = ['accessKeyId', 'accessKeySecret', 'accountId'];

/** Secrets among {@link CONNECTION_FIELDS}. */
export const SECRET_FIELDS: readonly SettingName[] = ['accessKeySecret', 'securityToken'];

/** Regions of the service, as the provider's schema lists them. */
export const OFFICIAL_REGIONS: readonly string[] = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'cn-shenzhen', 'ap-southeast-1'];

/** What makes a key; it comes from one place, or not at all. */
export const KEY_FIELDS: readonly SettingName[] = ['accessKeyId', 'accessKeySecret', 'securityToken'];

/** Variables that a field is read from, in their order, for the advice. */
export const VARIABLES_OF_FIELD: { readonly [Name in SettingName]: readonly string[] } = {
  accessKeyId: ['AGENTRUN_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_ID'],
  accessKeySecret: ['AGENTRUN_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
  securityToken: ['AGENTRUN_SECURITY_TOKEN', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
  accountId: ['AGENTRUN_ACCOUNT_ID', 'FC_ACCOUNT_ID'],
  region: ['AGENTRUN_REGION', 'FC_REGION'],
  templateName: ['AGENTRUN_TEMPLATE_NAME'],
  controlEndpoint: ['AGENTRUN_CONTROL_ENDPOINT'],
  dataEndpoint: ['AGENTRUN_DATA_ENDPOINT'],
};

/** The variables of a field in a sentence: `A or B`. */
export function variablesInWords(name: SettingName): string {
  return VARIABLES_OF_FIELD[name].join(' or ');
}

/** What is wrong with the text of one field by itself, without the text; `undefined` when nothing is. */
export function findFieldProblem(name: SettingName, text: string): string | undefined {
  const { error } = aliyunProviderConfigSchema.safeParse({ [name]: text });
  return error?.issues.find(({ path }) => path[0] === name)?.message;
}

/** Fields that are needed, and absent. */
function missingFields(connection: Connection): SettingName[] {
  return REQUIRED_FIELDS.filter((name) => connection[name] === undefined);
}

/** What stands against a region: those that are not official need the addresses of both planes. */
export function findRegionProblem({ region, controlEndpoint, dataEndpoint }: Connection): string | undefined {
  if (region === undefined || OFFICIAL_REGIONS.includes(region)) return undefined;
  if (controlEndpoint !== undefined && dataEndpoint !== undefined) return undefined;
  return `is none that AgentRun is known to have (${OFFICIAL_REGIONS.join(', ')}), and only with both endpoints can another one be used`;
}

/**
 * Refuses a connection that cannot work, before anything is sent.
 *
 * @param advise what to do about a field
 * @throws SandboxError `REQUEST_INVALID` naming the field. No value is repeated.
 */
export function checkConnection(connection: Connection, advise: (name: SettingName) => string): void {
  const missing = missingFields(connection);
  const [first] = missing;
  if (first !== undefined) {
    throw usageError(
      `${missing.join(', ')}: ${missing.length === 1 ? 'is' : 'are'} missing. Nothing was stored.`,
      missing.map(advise).join(' '),
    );
  }
  for (const name of CONNECTION_FIELDS) {
    const text = connection[name];
    const problem =
      text === undefined ? undefined : (findFieldProblem(name, text) ?? (name === 'region' ? findRegionProblem(connection) : undefined));
    if (problem !== undefined) throw usageError(`${name}: ${problem}. Nothing was stored.`, advise(name));
  }
}

/**
 * Checks and completes a whole configuration; what is wrong with it is a mistake of whoever gave it.
 *
 * @throws SandboxError `REQUEST_INVALID` naming the field.
 */
export function parseGivenConfig(config: object): AliyunProviderConfig {
  const parsed = aliyunProviderConfigSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const { field, message } = describeIssue(parsed.error, 'config');
  // Without a cause: it is shown with --debug, and nobody has promised what is in it.
  throw usageError(`${field}: ${message}. Nothing was stored.`, `Correct "${field}" and call again.`);
}
