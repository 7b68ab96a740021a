import { declaresCapability, type ConformanceArea, type ConformanceCase } from '@sandport/conformance';
import type { ProviderCapabilities } from '@sandport/core';

/** What is at stake, beyond the promise itself. */
const STAKES: Partial<Readonly<Record<ConformanceArea, string>>> = {
  isolation: 'Let nobody run code with it that is not trusted, until it holds.',
  environment: 'Let nobody run code with it that is not trusted, until it holds.',
  limits: 'Programs can take more than their caller allows, until it holds.',
  cancellation: 'Withdrawn calls may go on and cost money, until it holds.',
  health: 'Look at what the health report shows, and to whom.',
};

/** What the author of a provider does about a case that failed. */
export function adviceForFailure({ area, requires }: ConformanceCase, capabilities: ProviderCapabilities): string {
  const missing = requires.find((name) => !declaresCapability(capabilities, name));
  const stake = STAKES[area] ?? '';
  if (missing !== undefined) return `"${missing}" is not declared: refuse it at the door, or declare it and keep it. ${stake}`.trim();
  if (requires.length === 0) return `Every provider has to keep it: mend the provider. ${stake}`.trim();
  return `Keep it, or take ${requires.map((name) => `"${name}"`).join(' or ')} back: then its refusal is tried instead. ${stake}`.trim();
}
