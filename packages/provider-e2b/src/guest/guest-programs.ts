import { askingProgram } from '@sandport/provider-kit';

/** A program of the folder `guest`, as it is carried into a sandbox. */
export function guestProgram(name: 'relay_loop.py' | 'kernel_relay.py'): Promise<string> {
  return askingProgram(new URL(`../../guest/${name}`, import.meta.url));
}
