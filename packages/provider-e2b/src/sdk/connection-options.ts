import type { E2bSettings } from '../settings/resolve-settings.ts';
import type { SdkConnectionOptions } from './e2b-sdk.ts';

/** What the SDK's objects are told. Every option is given: what is missing the SDK would look for in its environment variables. */
export function connectionOptions(settings: E2bSettings): SdkConnectionOptions {
  const { apiKey, accessToken, apiUrl, domain, proxy, requestTimeoutMs, headers } = settings;
  return {
    ...(apiKey === undefined ? {} : { apiKey: apiKey.reveal() }),
    apiUrl,
    domain,
    debug: false,
    requestTimeoutMs,
    // Ours knows which calls may be repeated.
    retries: 0,
    headers: { ...headers, ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken.reveal()}` }) },
    ...(proxy === undefined ? {} : { proxy: proxy.reveal() }),
  };
}
