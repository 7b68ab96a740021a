import { GuestTunnel, ServiceWitness, SupervisorConnection, type BootFacts, type SupervisedInstance } from '@sandport/provider-kit';
import type { Language } from '@sandport/core';
import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import { ALIYUN_TERMS } from '../aliyun-errors.ts';
import { CommandCarrier, KernelCarrier } from '../guest/guest-carrier.ts';
import { guestExchange } from '../guest/guest-exchange.ts';
import { startGuest } from '../guest/start-guest.ts';
import { isPassing } from '../http/retry.ts';
import { isThere, type AgentRunPlanes } from './remote-sandboxes.ts';

/** A sandbox of the service in which our supervisor waits for a job. */
export interface AgentRunInstance extends SupervisedInstance {
  readonly tunnel: GuestTunnel;
  readonly facts: BootFacts;
  /** When the service ends it, in milliseconds since the epoch. */
  readonly endsAtMs: number;
  readonly madeAtMs: number;
}

/** What an instance is made from. */
export interface AgentRunInstanceOptions extends AgentRunPlanes {
  readonly config: AliyunProviderConfig;
  readonly sandboxId: string;
  readonly language: Language;
  readonly lifetimeMs: number;
  readonly signal: AbortSignal;
}

/** Spoken to this often while the service would otherwise take it for abandoned. */
const KEEP_ALIVES_PER_IDLE_TIME = 3;

/** What the start of two relays and the way there and back may take, in milliseconds. */
const ANSWER_DELAY_MS = 500;

/** Brings our supervisor into a sandbox that takes calls. */
export async function openInstance(options: AgentRunInstanceOptions): Promise<AgentRunInstance> {
  const { control, data, config, sandboxId, language, lifetimeMs, signal } = options;
  const madeAtMs = Date.now();
  const carrier = config.carrier === 'kernel' ? new KernelCarrier(data, sandboxId) : new CommandCarrier(data, sandboxId);
  const { secret, facts } = await startGuest({ client: data, carrier, sandboxId, language, programNetwork: config.programNetwork, signal });
  const tunnel = new GuestTunnel({
    exchange: guestExchange({ client: data, sandboxId, carrier, secret, facts }),
    isConcurrent: carrier.isConcurrent,
    isPassing,
    keepAliveMs: Math.floor(config.abandonedAfterMs / KEEP_ALIVES_PER_IDLE_TIME),
  });
  return {
    id: sandboxId,
    language,
    limits: {},
    connection: new SupervisorConnection(ALIYUN_TERMS, tunnel),
    // What the service keeps between sandboxes is its word. What was taken from programs inside of one was measured there before any ran.
    isolation: { kind: 'remote', measuredBy: 'the word of the service', hardening: facts.hardening ?? [] },
    outlivesConnection: false,
    endsPrograms: true,
    witness: new ServiceWitness((own) => isThere(control, sandboxId, own)),
    answerDelayMs: ANSWER_DELAY_MS,
    tunnel,
    facts,
    madeAtMs,
    endsAtMs: madeAtMs + lifetimeMs,
  };
}
