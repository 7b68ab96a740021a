import { askingProgram } from '@sandport/provider-kit';

/** The program that carries one request to the supervisor. */
export function relayProgram(): Promise<string> {
  return askingProgram(new URL('../../guest/relay.py', import.meta.url));
}
