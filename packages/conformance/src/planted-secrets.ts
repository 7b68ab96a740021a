import { inspect } from 'node:util';

/** A line of a secret that is shorter may stand in a text by chance. */
const LEAST_LINE_LENGTH = 12;

/** Texts that give planted secrets away: each as it is, as JSON and inspection write it, and each of its longer lines. */
export function textsOfSecrets(secrets: readonly string[]): readonly string[] {
  return [...new Set(secrets.flatMap((secret) => [secret, asJson(secret), asInspected(secret), ...longLinesOf(secret)]))];
}

function asJson(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}

function asInspected(secret: string): string {
  return inspect(secret, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null }).slice(1, -1);
}

function longLinesOf(secret: string): string[] {
  return secret.split(/\r?\n/).filter((line) => line.length >= LEAST_LINE_LENGTH);
}
