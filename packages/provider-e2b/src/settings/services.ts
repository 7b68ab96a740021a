import type { Dialect } from '../control/dialect.ts';

/** What is known of a service before it is asked. docs/providers/e2b.md names the sources. */
export interface KnownService {
  readonly displayName: string;
  /** Where its sandboxes live, with `{region}` where there are several; nothing where that depends on the installation. */
  readonly domain?: string;
  /** What it is said to speak, or what is likely: tried first. */
  readonly dialect: Dialect;
  /** The template that is taken when none is named. */
  readonly template: string;
}

/** Services that speak the protocol, by the name that is stored. */
export const KNOWN_SERVICES = {
  e2b: { displayName: 'E2B', domain: 'e2b.app', dialect: 'v2', template: 'code-interpreter-v1' },
  'aliyun-fc': {
    displayName: 'Alibaba Cloud Function Compute, Agent Sandbox',
    domain: '{region}.e2b.fc.aliyuncs.com',
    dialect: 'v1',
    template: 'code-interpreter-v1',
  },
  'aliyun-agent-sandbox': {
    displayName: 'Alibaba Cloud Agent Sandbox, Flash Edition',
    domain: '{region}.sandbox.aliyuncs.com',
    dialect: 'v1',
    template: 'code-interpreter-v1',
  },
  'tencent-ags': {
    displayName: 'Tencent Cloud Agent Runtime',
    domain: '{region}.tencentags.com',
    dialect: 'v1',
    template: 'code-interpreter-v1',
  },
  custom: { displayName: 'A service of your own choice', dialect: 'v2', template: 'base' },
} as const satisfies Record<string, KnownService>;

/** Name of a service, as stored. */
export type ServiceName = keyof typeof KNOWN_SERVICES;
