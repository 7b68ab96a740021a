import { describeConfig, type JsonObject, type JsonValue, type ProviderDefinition } from '@sandport/core';

/** An address that a field of a configuration names. */
export type ConfigAddress =
  | { readonly field: string; readonly path: string }
  | { readonly field: string; readonly path?: undefined; readonly host: string; readonly port: number | undefined };

/** Names of fields that hold an address, also where it is only a host and perhaps a port. */
const ADDRESS_FIELDS = /(?:url|endpoints?|hosts?|domain|proxy|address(?:es)?)$/i;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'tcp:': 2375 };

/** The addresses in the fields of a configuration, as far as they can be read. What is no address is for the provider's schema to say. */
export function addressesIn({ configSchema }: ProviderDefinition, config: JsonObject): ConfigAddress[] {
  return describeConfig(configSchema).flatMap(({ name }) => textsOf(config[name]).flatMap((text) => addressOf(name, text) ?? []));
}

function textsOf(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value.trim()];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string').map((each) => each.trim()) : [];
}

function addressOf(field: string, text: string): ConfigAddress | undefined {
  // Some addresses have places that are filled in for each sandbox.
  const plain = text.replaceAll('{sandbox}', 'sandbox').replaceAll('{port}', '1');
  if (plain.startsWith('unix://')) return { field, path: plain.slice('unix://'.length) };
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(plain);
  if (!hasScheme && !ADDRESS_FIELDS.test(field)) return undefined;
  const address = hasScheme ? plain : `https://${plain}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port, protocol } = new URL(address);
  if (hostname === '') return undefined;
  return { field, host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? DEFAULT_PORTS[protocol] : Number(port) };
}
