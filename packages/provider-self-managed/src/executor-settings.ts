import type { Endpoint } from './http/endpoint.ts';
import type { HttpClient } from './http/http-client.ts';
import type { SelfManagedProviderConfig } from './self-managed-provider-config.ts';

/** What every executor is made with. */
export interface ExecutorSettings {
  readonly config: SelfManagedProviderConfig;
  /** Closed by the executor that has it. */
  readonly client: HttpClient;
  /** `endpoint` of the configuration, then the further ones. */
  readonly endpoints: readonly Endpoint[];
}
