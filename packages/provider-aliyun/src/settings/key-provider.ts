import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import { aliyunError } from '../aliyun-errors.ts';
import { loadSdk } from '../control/sdk-classes.ts';
import type { AccessKey } from '../data/agentrun-signer.ts';
import { resolveKey } from './resolve-settings.ts';

/** Where the key of each request comes from. It is asked before every request, so that keys that are renewed are used. */
export interface KeyProvider {
  /** How it is told to the service, in `x-acs-credentials-provider`. */
  readonly name: string;
  getKey(): Promise<AccessKey>;
}

/** What {@link makeKeyProvider} uses of the ecosystem's chain. */
export interface CredentialsChain {
  getCredentials(): Promise<{ readonly accessKeyId: string; readonly accessKeySecret: string; readonly securityToken?: string }>;
}

/**
 * The key of a configuration: its own, or one of the ecosystem's default chain, which is only looked through when the configuration says so, since it reads files and asks
 * the machine's metadata service.
 */
export function makeKeyProvider(config: AliyunProviderConfig, chain?: CredentialsChain): KeyProvider {
  if (config.credentialSource === 'access-key') {
    return {
      name: 'static',
      getKey: () => {
        try {
          const { accessKeyId, accessKeySecret, securityToken } = resolveKey(config);
          return Promise.resolve({ accessKeyId, accessKeySecret: accessKeySecret.reveal(), securityToken: securityToken?.reveal() });
        } catch (error) {
          return Promise.reject(error);
        }
      },
    };
  }
  let found = chain;
  return {
    name: 'default-chain',
    getKey: async () => {
      found ??= (await loadSdk()).DefaultCredentialsProvider.builder().build();
      return keyOfChain(found);
    },
  };
}

async function keyOfChain(chain: CredentialsChain): Promise<AccessKey> {
  try {
    const { accessKeyId, accessKeySecret, securityToken } = await chain.getCredentials();
    return { accessKeyId, accessKeySecret, securityToken: securityToken === '' ? undefined : securityToken };
  } catch {
    // Not even as a cause: what the chain's members write into their errors is theirs, and may quote what they read.
    throw aliyunError('CONFIG_MISSING', 'find credentials', 'The default chain of Alibaba Cloud found no credentials.', {
      suggestion: 'Set the variables of an access key, a profile or a role, or store a key and choose "access-key" as "credentialSource".',
      details: { field: 'credentialSource' },
    });
  }
}
