import type { ControlClient } from '../control/control-client.ts';

/** What is needed of a control plane. */
export type ServiceControl = Pick<
  ControlClient,
  'createSandbox' | 'connectSandbox' | 'getSandbox' | 'listSandboxes' | 'killSandbox' | 'setTimeout' | 'dialect'
>;
