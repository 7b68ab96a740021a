import type { E2bSettings } from '../settings/resolve-settings.ts';

/** Where a sandbox can be reached. */
export interface SandboxPlace {
  readonly sandboxId: string;
  /** The service may put sandboxes into other domains than its own. */
  readonly domain?: string | null | undefined;
}

/** Port of the daemon that runs commands and keeps files. */
export const ENVD_PORT = 49_983;
/** Port of the code interpreter, in templates that have one. */
export const INTERPRETER_PORT = 49_999;

/**
 * The address of one port of a sandbox. Each sandbox has a host of its own unless the configuration says otherwise, since the SDK opens ten transfers and two hundred streams to one host at most
 * (measured).
 */
export function addressOf(settings: E2bSettings, place: SandboxPlace, port: number): string {
  const { sandboxUrl, domain, debug } = settings;
  if (sandboxUrl !== undefined) {
    return sandboxUrl.replaceAll('{sandbox}', place.sandboxId).replaceAll('{port}', String(port)).replace(/\/$/, '');
  }
  if (debug) return `http://localhost:${port}`;
  return `https://${port}-${place.sandboxId}.${place.domain ?? domain}`;
}

/** What tells a shared address which port of which sandbox is meant. */
export function routingHeaders({ sandboxId }: SandboxPlace, port: number): Record<string, string> {
  return { 'E2b-Sandbox-Id': sandboxId, 'E2b-Sandbox-Port': String(port) };
}
