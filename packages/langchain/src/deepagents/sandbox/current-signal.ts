import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons';

/** The signal of the run in which this is called: the protocol of backends hands none over, and the framework keeps it beside the call. */
export function currentSignal(): AbortSignal | undefined {
  const config: unknown = AsyncLocalStorageProviderSingleton.getRunnableConfig();
  const signal: unknown = typeof config === 'object' && config !== null ? Reflect.get(config, 'signal') : undefined;
  return signal instanceof AbortSignal ? signal : undefined;
}
