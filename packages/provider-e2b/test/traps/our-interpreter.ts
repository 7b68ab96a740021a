import type { FakeE2b } from '@sandport/fakes';
import { ControlClient } from '../../src/control/control-client.ts';
import { InterpreterClient } from '../../src/interpreter/interpreter-client.ts';
import { installedSdk } from '../../src/sdk/e2b-sdk.ts';
import { resolveSettings, type E2bSettings } from '../../src/settings/resolve-settings.ts';
import { configOf } from '../fake-service.ts';

/** How long a call of ours may take. */
export const IN_TIME = { timeoutMs: 20_000 } as const;

/** Settings that reach a fake, or what stands before it. */
export const settingsFor = (fake: FakeE2b, changes: object = {}): E2bSettings => resolveSettings(configOf(fake, changes));

/** Our client of the control plane, which repeats nothing. */
export const ourControl = (fake: FakeE2b, changes: object = {}): ControlClient =>
  new ControlClient(settingsFor(fake, changes), installedSdk);

/** Makes a sandbox, and our client for its interpreter. */
export async function openInterpreter(fake: FakeE2b, changes: object = {}): Promise<InterpreterClient & Disposable> {
  const sandbox = await ourControl(fake).createSandbox({
    templateId: 'code-interpreter-v1',
    timeoutMs: 60_000,
    metadata: {},
    allowInternetAccess: false,
    autoPause: false,
    secure: true,
  });
  const client = new InterpreterClient(settingsFor(fake, changes), sandbox);
  return Object.assign(client, { [Symbol.dispose]: () => client.close() });
}
