import { configFields, Secret } from '@sandport/core';
import { MEBIBYTE, remoteSandboxFields, wholeNumber } from '@sandport/provider-kit';
import { z } from 'zod';

/** The longest that the service lets a sandbox live: 21600 seconds, by its documentation. */
export const LONGEST_SANDBOX_LIFE_MS = 21_600_000;

/** How a template is connected, as the service calls it. */
const NETWORK_MODES = ['PUBLIC', 'PRIVATE', 'PUBLIC_AND_PRIVATE'] as const;

const text = z.string().trim().min(1);
const secretText = text.transform((value) => new Secret(value));
const name = (what: string) => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, `is not a name of ${what}`);
const endpoint = text.refine(
  isEndpoint,
  'must be a host with an optional port, or an address that begins with http:// or https://, without a path',
);

const fields = remoteSandboxFields({
  longestLifeMs: LONGEST_SANDBOX_LIFE_MS,
  lifetimeMs: 3_600_000,
  maxLifetimeMs: 18_000_000,
  lifeNote: 'The service itself ends each sandbox after six hours.',
  countNote: 'An account has 100 instances in a region by default.',
});

/** Configuration of `provider-aliyun`. Unknown fields are refused. What is not stored falls back to the environment: see `resolveSettings`. */
export const aliyunProviderConfigSchema = z
  .strictObject({
    credentialSource: z.enum(['access-key', 'default-chain']).default('access-key').register(configFields, {
      label: 'Source of credentials',
      help: "access-key takes the fields below or their environment variables. default-chain lets Alibaba Cloud's own package look for them (environment, profiles, OIDC, the role of the machine) and renews them.",
    }),
    accessKeyId: text.optional().register(configFields, {
      label: 'Access key ID',
      help: 'Key of a RAM user with the permissions of docs/providers/aliyun.md. Empty: AGENTRUN_ACCESS_KEY_ID, then ALIBABA_CLOUD_ACCESS_KEY_ID.',
      placeholder: 'LTAI…',
    }),
    accessKeySecret: secretText.optional().register(configFields, {
      label: 'Access key secret',
      help: 'Empty: AGENTRUN_ACCESS_KEY_SECRET, then ALIBABA_CLOUD_ACCESS_KEY_SECRET.',
      secret: true,
    }),
    securityToken: secretText.optional().register(configFields, {
      label: 'Security token',
      help: 'Needed with a temporary key of STS, and only with one. Empty: AGENTRUN_SECURITY_TOKEN, then ALIBABA_CLOUD_SECURITY_TOKEN.',
      secret: true,
    }),
    accountId: z
      .string()
      .trim()
      .regex(/^[0-9]{5,20}$/, 'must be digits')
      .optional()
      .register(configFields, {
        label: 'Account ID',
        help: 'Number of the main account (16 digits), also where the key is that of a RAM user. Empty: AGENTRUN_ACCOUNT_ID, then FC_ACCOUNT_ID.',
        placeholder: '1234567890123456',
      }),
    region: z
      .string()
      .trim()
      .regex(/^[a-z]{2}-[a-z0-9-]+$/, 'is not the id of a region')
      .optional()
      .register(configFields, {
        label: 'Region',
        help: 'One of cn-hangzhou, cn-shanghai, cn-beijing, cn-shenzhen, ap-southeast-1; another one needs both endpoints. Empty: AGENTRUN_REGION, then FC_REGION, then cn-hangzhou.',
        placeholder: 'cn-hangzhou',
      }),
    templateName: name('a template').optional().register(configFields, {
      label: 'Template',
      help: 'Template of type CodeInterpreter. It is created when there is none. Empty: AGENTRUN_TEMPLATE_NAME, then sandport-code-interpreter.',
    }),
    memoryBytes: wholeNumber(2048 * MEBIBYTE, 32_768 * MEBIBYTE, 4096 * MEBIBYTE).register(configFields, {
      label: 'Memory',
      help: 'Memory of each sandbox of a template that is created here, in bytes; whole mebibytes are taken. A template that exists keeps its own.',
      scope: 'deployment',
    }),
    cpus: z.number().min(1).max(16).default(2).register(configFields, {
      label: 'Processors',
      help: 'Processors of each sandbox of a template that is created here. A template that exists keeps its own.',
      scope: 'deployment',
    }),
    networkMode: z.enum(NETWORK_MODES).default('PUBLIC').register(configFields, {
      label: 'Network of the template',
      help: 'How sandboxes of a template that is created here are connected. PRIVATE and PUBLIC_AND_PRIVATE need the three fields of a VPC.',
      scope: 'deployment',
    }),
    vpcId: text.optional().register(configFields, {
      label: 'VPC',
      help: 'Id of the VPC of a template that is created here with a private network.',
      scope: 'deployment',
    }),
    vswitchId: text.optional().register(configFields, {
      label: 'VSwitch',
      help: 'Id of the vSwitch in that VPC.',
      scope: 'deployment',
    }),
    securityGroupId: text.optional().register(configFields, {
      label: 'Security group',
      help: 'Id of the security group in that VPC.',
      scope: 'deployment',
    }),
    programNetwork: z.enum(['none', 'filtered', 'template']).default('none').register(configFields, {
      label: 'Network of programs',
      help: "none takes the network from each program, by a filter of the sandbox's kernel, and uses no sandbox where a hostile program could get around it. filtered uses sandboxes where programs share a user with other processes, too. template leaves the network as it is: for templates whose network leads nowhere.",
    }),
    ...fields,
    abandonedAfterMs: wholeNumber(60_000, LONGEST_SANDBOX_LIFE_MS, 600_000).register(configFields, {
      label: 'End of abandoned sandboxes',
      help: 'The service ends a sandbox that nobody has spoken to for this time, in milliseconds: what a sandbox costs at most when this program is killed.',
    }),
    carrier: z.enum(['commands', 'kernel']).default('commands').register(configFields, {
      label: 'Way into the sandbox',
      help: "commands reaches our supervisor by the service's commands. kernel goes through a Python context instead, where the commands do not work; cancelling then takes up to a second longer.",
    }),
    controlEndpoint: endpoint.optional().register(configFields, {
      label: 'Endpoint of the control plane',
      help: 'In place of agentrun.REGION.aliyuncs.com. A scheme is honoured. Empty: AGENTRUN_CONTROL_ENDPOINT.',
    }),
    dataEndpoint: endpoint.optional().register(configFields, {
      label: 'Endpoint of the data plane',
      help: 'In place of ACCOUNT-ram.agentrun-data.REGION.aliyuncs.com. A scheme is honoured. Empty: AGENTRUN_DATA_ENDPOINT.',
    }),
  })
  .superRefine((config, context) => {
    if ((config.accessKeyId === undefined) !== (config.accessKeySecret === undefined)) {
      const missing = config.accessKeyId === undefined ? 'accessKeyId' : 'accessKeySecret';
      context.addIssue({
        code: 'custom',
        path: [missing],
        message: 'must be stored together with the other half of the key, or not at all',
      });
    }
    if (config.networkMode === 'PUBLIC') return;
    for (const field of ['vpcId', 'vswitchId', 'securityGroupId'] as const) {
      if (config[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: `is needed with ${config.networkMode}` });
    }
  });

/** A checked configuration of `provider-aliyun`. */
export type AliyunProviderConfig = z.output<typeof aliyunProviderConfigSchema>;

function isEndpoint(value: string): boolean {
  const address = value.includes('://') ? value : `https://${value}`;
  if (!URL.canParse(address)) return false;
  const { protocol, pathname, search, hash, username } = new URL(address);
  return ['http:', 'https:'].includes(protocol) && pathname === '/' && search + hash + username === '';
}
