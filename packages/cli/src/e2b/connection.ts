import type { JsonObject } from '@sandport/core';
import {
  createE2bProvider,
  describeSettings,
  e2bProviderConfigSchema,
  KNOWN_SERVICES,
  type KnownService,
  type SettingName,
} from '@sandport/provider-e2b';
import {
  parseGivenConfig,
  type Connection,
  type ConnectionField,
  type ConnectionForm,
  type Environment,
} from '../connection/connection-form.ts';
import { namesOnly, textOf, valuesFound } from '../connection/found-setting.ts';
import { E2B_PROVIDER_ID } from './provider-id.ts';

/** Services that can be chosen, by the name that is stored. */
export const SERVICE_NAMES: readonly string[] = Object.keys(KNOWN_SERVICES);

/** What is taken where nobody says. */
const USUAL_SERVICE = 'e2b';
const OWN_SERVICE = 'custom';

const SERVICES: Readonly<Record<string, KnownService>> = KNOWN_SERVICES;

type Field = ConnectionField & { readonly name: SettingName | 'service' | 'region' };

/** Only services of one's own, and those that somebody has led elsewhere, have addresses worth a question. */
function isAddressAskedFor({ service }: Connection, preset: string | undefined): boolean {
  return service === OWN_SERVICE || preset !== undefined;
}

/** Without a domain both planes need an address. */
function isAddressNeeded({ service, domain }: Connection): boolean {
  return service === OWN_SERVICE && domain === undefined;
}

const FIELDS: readonly Field[] = [
  {
    name: 'service',
    hint: `Who runs the sandboxes: ${SERVICE_NAMES.map((name) => `${name} (${SERVICES[name]?.displayName})`).join(', ')}.`,
    variables: [],
    option: '--service',
    choices: SERVICE_NAMES,
    isNeeded: () => true,
  },
  {
    name: 'region',
    hint: 'Part of the domain of the service, for example cn-hangzhou (Alibaba Cloud) or ap-guangzhou (Tencent Cloud).',
    variables: [],
    option: '--region',
    isNeeded: hasRegions,
    isAskedFor: hasRegions,
    findProblem: (_, others) => (hasRegions(others) ? undefined : 'is nothing that this service has'),
  },
  {
    name: 'domain',
    hint: 'Domain of the service: its control plane is at https://api.DOMAIN. Press return, or "-", where two addresses take its place.',
    variables: ['E2B_DOMAIN'],
    option: '--domain',
    isNeeded: () => false,
    isAskedFor: isAddressAskedFor,
  },
  {
    name: 'apiUrl',
    hint: 'Address of the control plane. "-" takes https://api.DOMAIN.',
    variables: ['E2B_API_URL'],
    option: '--api-url',
    isNeeded: isAddressNeeded,
    isAskedFor: isAddressAskedFor,
  },
  {
    name: 'sandboxUrl',
    hint: 'Address of all sandboxes, for gateways that tell them apart by headers. "-" takes a host of each sandbox below DOMAIN.',
    variables: ['E2B_SANDBOX_URL'],
    option: '--sandbox-url',
    isNeeded: isAddressNeeded,
    isAskedFor: isAddressAskedFor,
  },
  {
    name: 'accessToken',
    hint: 'Bearer token, for services that want one with an API key or instead of it; otherwise press return.',
    variables: ['E2B_ACCESS_TOKEN'],
    isSecret: true,
    isNeeded: () => false,
    isAskedFor: ({ service }) => service === OWN_SERVICE,
  },
  {
    name: 'apiKey',
    hint: 'API key of the service. Nothing of it is shown.',
    variables: ['E2B_API_KEY'],
    isSecret: true,
    isNeeded: ({ accessToken }) => accessToken === undefined,
  },
  {
    name: 'template',
    hint: 'Name or id of the template: Python 3.9 or newer, and Node 18 or newer for JavaScript.',
    variables: ['E2B_TEMPLATE'],
    option: '--template',
    isNeeded: () => false,
  },
];

/** How the commands reach E2B, and the services that speak its protocol. */
export const E2B_FORM: ConnectionForm = {
  providerId: E2B_PROVIDER_ID,
  verb: 'e2b',
  configSchema: e2bProviderConfigSchema,
  fields: FIELDS,
  keyFields: ['apiKey', 'accessToken'],
  keyMarks: ['apiKey', 'accessToken'],
  secretInWords: 'The API key',
  resetField: 'debug',
  fromEnvironment: environmentConnection,
  // What is stored of one service says nothing of another.
  isOffered: (stored, { service }) => service === undefined || service === (stored['service'] ?? USUAL_SERVICE),
  missingIn,
  open: (config) => createE2bProvider(parseGivenConfig(e2bProviderConfigSchema, config)),
};

function environmentConnection(environment: Environment, known: Connection): Connection {
  const service = known['service'] ?? serviceOf(environment);
  // What is not of this form, and what is malformed, is judged with the whole.
  const parsed = e2bProviderConfigSchema.safeParse({ service, ...(known['region'] === undefined ? {} : { region: known['region'] }) });
  const described = describeSettings(parsed.success ? parsed.data : e2bProviderConfigSchema.parse({}), namesOnly(environment));
  // The domain of a service that is known follows from its name.
  const own = described.filter(({ name, origin }) => name !== 'domain' || origin.kind !== 'default');
  return { service, ...valuesFound(own, environment) };
}

/** Whoever names another place in the variables of E2B's own programs means a service of his own. */
function serviceOf(environment: Environment): string {
  const domain = textOf(environment, 'E2B_DOMAIN');
  const isElsewhere = domain !== '' && domain !== KNOWN_SERVICES[USUAL_SERVICE].domain;
  const hasAddresses = ['E2B_API_URL', 'E2B_SANDBOX_URL'].every((name) => textOf(environment, name) !== '');
  return isElsewhere || hasAddresses ? OWN_SERVICE : USUAL_SERVICE;
}

function hasRegions({ service }: Connection): boolean {
  return service !== undefined && SERVICES[service]?.domain?.includes('{region}') === true;
}

/** What the provider would miss. The debug mode of the SDK needs nothing. */
function missingIn(config: JsonObject): string[] {
  if (config['debug'] === true) return [];
  const texts = Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const connection = { service: USUAL_SERVICE, ...texts };
  // A region is only for what an address makes up for.
  const hasPlace = texts['domain'] !== undefined || (texts['apiUrl'] !== undefined && texts['sandboxUrl'] !== undefined);
  return FIELDS.filter(({ name, isNeeded }) => texts[name] === undefined && isNeeded(connection) && !(hasPlace && name === 'region'))
    .map(({ name }) => name)
    .filter((name) => name !== 'service');
}
