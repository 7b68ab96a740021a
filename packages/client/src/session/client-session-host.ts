import type { CallOptions, ExecutionRequest, ExecutionRequestInput, Sandbox, SettingsStore } from '@sandport/core';
import { KeptSandbox } from '../kept-sandbox.ts';
import type { CallRouter } from '../routing/call-router.ts';
import type { WarningListener } from '../warning-listener.ts';
import type { SessionHost } from './session-host.ts';

/** What of a client its sessions use. */
export interface ClientSessionHostOptions {
  readonly settings: () => Promise<SettingsStore>;
  readonly router: CallRouter;
  readonly prepare: (request: ExecutionRequestInput | ExecutionRequest) => ExecutionRequest;
  readonly warn: WarningListener;
}

/** Lets sessions live on what a client has. */
export function clientSessionHost({ settings, router, prepare, warn }: ClientSessionHostOptions): SessionHost {
  // A sandbox that was made on a provider of the chain stays where its files are, as long as that provider may be used.
  const isActive = (providerId: string, configDigest: string, call: CallOptions) => router.isCandidate(providerId, configDigest, call);
  return {
    sessions: async () => (await settings()).sessions,
    mayReconnect: (call) => router.mayReconnect(call),
    isActive,
    create: (wish, call) => router.createForSession(wish, call),
    connect: async (providerId, configDigest, sandboxId, call): Promise<Sandbox | undefined> => {
      if (!(await isActive(providerId, configDigest, call))) return undefined;
      return router.connectSandbox(sandboxId, { ...call, providerId });
    },
    letGo: (sandbox) => {
      if (sandbox instanceof KeptSandbox) sandbox.release();
    },
    prepare,
    warn,
  };
}
