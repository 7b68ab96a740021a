import type { Connection, Environment } from './connection-form.ts';

/** One setting and where its value comes from, as providers whose settings may lie in the environment describe it. */
export interface FoundSetting {
  readonly name: string;
  readonly origin:
    | { readonly kind: 'stored' | 'default' | 'derived' | 'chain' | 'missing' }
    | { readonly kind: 'environment'; readonly variable: string };
  /** `null` for secrets and for what is missing. */
  readonly value: string | null;
}

/** Says where a value comes from. Values of secrets are never shown. */
export function describeOrigin({ origin, value }: FoundSetting, isSecret: boolean): string {
  const shown = isSecret ? 'Set' : `"${value ?? ''}"`;
  switch (origin.kind) {
    case 'stored':
      return `${shown}, stored in the settings.`;
    case 'environment':
      return `${shown}, from the variable ${origin.variable}.`;
    case 'default':
      return `${shown}, the default.`;
    case 'derived':
      return `${shown}, which follows from the others.`;
    case 'chain':
      return 'The default chain of credentials looks for it.';
    case 'missing':
      return 'Not set.';
  }
}

/** Those whose value the environment or a default gives, with the value. */
export function valuesFound(settings: readonly FoundSetting[], environment: Environment): Connection {
  return Object.fromEntries(
    settings.flatMap(({ name, origin, value }): [string, string][] => {
      if (origin.kind === 'environment') return [[name, textOf(environment, origin.variable)]];
      return origin.kind === 'default' && value !== null ? [[name, value]] : [];
    }),
  );
}

/** The text of a variable, without space around it; empty where there is none. */
export function textOf(environment: Environment, variable: string): string {
  return (environment[variable] ?? '').trim();
}

/** An environment with the names of another one: what is malformed is judged later, and by the name of its field. */
export function namesOnly(environment: Environment): Environment {
  const names = Object.keys(environment).filter((name) => textOf(environment, name) !== '');
  return Object.fromEntries(names.map((name) => [name, 'x']));
}
