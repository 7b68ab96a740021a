import { configFields, Secret } from '@sandport/core';
import { remoteSandboxFields, wholeNumber } from '@sandport/provider-kit';
import { z } from 'zod';
import { KNOWN_SERVICES, type ServiceName } from './settings/services.ts';

/** The longest that any known plan lets a sandbox live: a day, by the documentation of the SDK (an hour on the smallest plan). */
const LONGEST_SANDBOX_LIFE_MS = 86_400_000;

/** The SDK opens no more streams to one address (measured), and each sandbox needs one. */
export const MOST_STREAMS_TO_ONE_ADDRESS = 180;

/** A sandbox is at the service before anybody has it, and may have waited there. */
const MAKING_MS = 60_000;

const SERVICE_NAMES = Object.keys(KNOWN_SERVICES) as [ServiceName, ...ServiceName[]];

const text = z.string().trim().min(1);
const secretText = text.transform((value) => new Secret(value));
const address = text.refine(isAddress, 'must be an address that begins with http:// or https://, without a query');
const fields = remoteSandboxFields({
  longestLifeMs: LONGEST_SANDBOX_LIFE_MS,
  lifetimeMs: 1_800_000,
  maxLifetimeMs: 3_000_000,
  lifeNote: 'It must be a minute shorter than that at the service.',
  countNote: 'The smallest plan of E2B has 20.',
});

/** Configuration of `provider-e2b`. Unknown fields are refused. What is not stored falls back to the environment: see `resolveSettings`. */
export const e2bProviderConfigSchema = z
  .strictObject({
    service: z.enum(SERVICE_NAMES).default('e2b').register(configFields, {
      label: 'Service',
      help: 'Who runs the sandboxes. docs/providers/e2b.md says how each service is reached and what it is known to lack. custom takes the addresses below.',
    }),
    apiKey: secretText.optional().register(configFields, {
      label: 'API key',
      help: 'Empty: E2B_API_KEY.',
      secret: true,
      placeholder: 'e2b_…',
    }),
    accessToken: secretText.optional().register(configFields, {
      label: 'Access token',
      help: 'For services that want a bearer token with, or instead of, an API key. Empty: E2B_ACCESS_TOKEN.',
      secret: true,
    }),
    region: z
      .string()
      .trim()
      .regex(/^[a-z][a-z0-9-]{1,62}$/, 'is not the id of a region')
      .optional()
      .register(configFields, {
        label: 'Region',
        help: 'For services that have several: part of their domain.',
        placeholder: 'cn-hangzhou',
      }),
    domain: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?$/, 'is not a domain')
      .optional()
      .register(configFields, {
        label: 'Domain',
        help: 'The control plane is at https://api.DOMAIN and a port of a sandbox at https://PORT-SANDBOX.DOMAIN. Empty: E2B_DOMAIN, then that of the service.',
        placeholder: 'e2b.app',
      }),
    apiUrl: address.optional().register(configFields, {
      label: 'Address of the control plane',
      help: 'In place of https://api.DOMAIN. Empty: E2B_API_URL.',
    }),
    sandboxUrl: address.optional().register(configFields, {
      label: 'Address of the sandboxes',
      help: 'One address for all ports of all sandboxes, which tells them apart by headers, in place of https://PORT-SANDBOX.DOMAIN. {sandbox} and {port} in it are replaced. Empty: E2B_SANDBOX_URL.',
    }),
    template: text.optional().register(configFields, {
      label: 'Template',
      help: 'Name or id of the template. It needs Python 3.9 or newer, and Node 18 or newer for JavaScript. Empty: E2B_TEMPLATE, then that of the service.',
      placeholder: 'base',
    }),
    dialect: z.enum(['auto', 'v1', 'v2']).default('auto').register(configFields, {
      label: 'Dialect',
      help: 'How sandboxes are made and connected: v1 by /sandboxes, v2 by /v2/sandboxes. auto finds out with the first call.',
    }),
    way: z.enum(['auto', 'commands', 'code-interpreter']).default('auto').register(configFields, {
      label: 'Way into the sandbox',
      help: 'commands starts our supervisor as a command, which any template can. code-interpreter goes through the interpreters at port 49999, for services without commands. auto takes commands where they work.',
    }),
    secure: z.boolean().default(true).register(configFields, {
      label: 'Secured sandboxes',
      help: 'Whether what runs inside of a sandbox asks for its token. Services of the second dialect always secure them. Without it programs with a network could take their sandbox over.',
    }),
    user: z
      .string()
      .trim()
      .regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'is not a name of a user')
      .default('root')
      .register(configFields, {
        label: 'User of the supervisor',
        help: 'As root it gives programs a user of their own. Another user shares itself with them, which needs "filtered" as network of programs.',
      }),
    programNetwork: z.enum(['none', 'filtered', 'sandbox']).default('none').register(configFields, {
      label: 'Network of programs',
      help: "none takes the network from each program, by a filter of the sandbox's kernel, and uses no sandbox where a hostile program could get around it. filtered uses sandboxes where programs share a user with other processes, too. sandbox leaves programs what the fields below leave their sandbox.",
    }),
    allowInternetAccess: z.boolean().default(false).register(configFields, {
      label: 'Internet of sandboxes',
      help: 'Whether the service lets sandboxes reach the internet.',
    }),
    allowOut: z.array(text).max(256).default([]).register(configFields, {
      label: 'Allowed addresses',
      help: 'Networks, addresses and host names that sandboxes may reach all the same, where the service keeps such lists.',
    }),
    denyOut: z.array(text).max(256).default([]).register(configFields, {
      label: 'Denied addresses',
      help: 'Networks and addresses that sandboxes may not reach, where the service keeps such lists.',
    }),
    metadata: z
      .record(
        z.string().regex(/^(?!sandport)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'is not a name, or one that begins with "sandport"'),
        z.string().max(256),
      )
      .default({})
      .register(configFields, {
        label: 'Metadata',
        help: 'Marks of your own on every sandbox, beside ours. Some services take settings this way.',
      }),
    ...fields,
    serviceLifetimeMs: wholeNumber(120_000, LONGEST_SANDBOX_LIFE_MS, 3_600_000).register(configFields, {
      label: 'Longest life at the service',
      help: 'How long the service lets a sandbox live after it was made, in milliseconds: an hour on the smallest plan of E2B.',
    }),
    abandonedAfterMs: wholeNumber(30_000, LONGEST_SANDBOX_LIFE_MS, 300_000).register(configFields, {
      label: 'End of abandoned sandboxes',
      help: 'The service ends a sandbox whose time nobody has put off for this time, in milliseconds: what a sandbox costs at most when this program is killed.',
    }),
    whenIdle: z.enum(['kill', 'pause']).default('kill').register(configFields, {
      label: 'When a sandbox for others is idle',
      help: 'What becomes of a sandbox that others may connect to when it was idle for its time. pause keeps it, with its memory, until the end of its life, where the service can; connecting to it resumes it.',
    }),
    requestTimeoutMs: wholeNumber(1000, 300_000, 30_000).register(configFields, {
      label: 'Time for an answer',
      help: 'How long the service may take for one answer, in milliseconds.',
    }),
    headers: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'is not a name of a header'), z.string().max(1024))
      .default({})
      .register(configFields, {
        label: 'Headers',
        help: 'Sent with each call of the control plane. They are stored in the clear: no secrets.',
      }),
    proxy: address
      .transform((value) => new Secret(value))
      .optional()
      .register(configFields, {
        label: 'Proxy',
        help: 'HTTP proxy for all calls, with its credentials if it has any. No environment variable is looked at.',
        secret: true,
        placeholder: 'http://proxy.example:3128',
      }),
    debug: z.boolean().default(false).register(configFields, {
      label: 'Debug',
      help: "One sandbox of your own machine, at ports 49983 and 49999, without a control plane: the SDK's debug mode. One call at a time, and no boundary between them: for development only.",
      scope: 'deployment',
    }),
  })
  .superRefine((config, context) => {
    const refuse = (field: keyof typeof config, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
    if (config.programNetwork === 'none' && config.user !== 'root') refuse('user', 'must be root while programNetwork is none');
    if (config.programNetwork === 'sandbox' && !config.secure) refuse('secure', 'must stay on where programs have a network');
    if (config.lifetimeMs > config.maxLifetimeMs) refuse('lifetimeMs', 'must not be above maxLifetimeMs');
    if (config.maxLifetimeMs + MAKING_MS > config.serviceLifetimeMs) {
      refuse('maxLifetimeMs', `must be at least ${MAKING_MS} below serviceLifetimeMs`);
    }
    if (config.sandboxUrl !== undefined && !isTold(config.sandboxUrl) && config.maxSandboxes > MOST_STREAMS_TO_ONE_ADDRESS) {
      refuse('maxSandboxes', `is more than the ${MOST_STREAMS_TO_ONE_ADDRESS} that one address for all sandboxes can carry`);
    }
  });

/** A checked configuration of `provider-e2b`. */
export type E2bProviderConfig = z.output<typeof e2bProviderConfigSchema>;

/** Whether an address has a place for the sandbox, so that each has one of its own. */
export function isTold(sandboxUrl: string): boolean {
  return sandboxUrl.includes('{sandbox}');
}

function isAddress(value: string): boolean {
  const plain = value.replaceAll('{sandbox}', 'sandbox').replaceAll('{port}', '1');
  if (!URL.canParse(plain)) return false;
  const { protocol, search, hash } = new URL(plain);
  return ['http:', 'https:'].includes(protocol) && search + hash === '';
}
