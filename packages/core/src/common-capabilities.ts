import type { ProviderCapabilities } from './provider-capabilities.ts';

/** What two can do, either of which may serve a call: what both declare, up to the lower maximum. */
export function commonCapabilities(one: ProviderCapabilities, other: ProviderCapabilities): ProviderCapabilities {
  const both = (name: SimpleCapability): boolean => one[name] && other[name];
  const bothLimit = (name: keyof ProviderCapabilities['limits']): boolean => one.limits[name] && other.limits[name];
  return {
    languages: one.languages.filter((language) => other.languages.includes(language)),
    javascriptRuntime: one.javascriptRuntime === 'node' ? other.javascriptRuntime : one.javascriptRuntime,
    executionsPerSandbox: one.executionsPerSandbox === 'many' ? other.executionsPerSandbox : one.executionsPerSandbox,
    streamsOutput: both('streamsOutput'),
    stdin: both('stdin'),
    contexts: both('contexts'),
    richResults: both('richResults'),
    lifetimes: both('lifetimes'),
    reconnect: both('reconnect'),
    files: both('files'),
    artifacts: both('artifacts'),
    environment: both('environment'),
    cancellation: both('cancellation'),
    network: one.network.filter((policy) => other.network.includes(policy)),
    limits: {
      memory: bothLimit('memory'),
      processes: bothLimit('processes'),
      disk: bothLimit('disk'),
      cpus: bothLimit('cpus'),
      openFiles: bothLimit('openFiles'),
    },
    subprocesses: both('subprocesses'),
    maxima: commonMaxima(one.maxima, other.maxima),
  };
}

type Maxima = ProviderCapabilities['maxima'];

/** Those that are yes or no. */
type SimpleCapability = {
  [Name in keyof ProviderCapabilities]: ProviderCapabilities[Name] extends boolean ? Name : never;
}[keyof ProviderCapabilities];

/** Maxima lowered to others, of which those that are absent lower nothing. One that is not declared at all goes as far as the contract. */
export function commonMaxima(one: Maxima, other: { readonly [Name in keyof Maxima]?: number | undefined }): Maxima {
  const lower: { -readonly [Name in keyof Maxima]: Maxima[Name] } = { ...one };
  for (const [name, value] of Object.entries(other) as [keyof Maxima, number | undefined][]) {
    if (value !== undefined) lower[name] = Math.min(value, one[name] ?? value);
  }
  return lower;
}
