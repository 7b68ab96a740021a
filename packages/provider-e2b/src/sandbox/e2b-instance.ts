import {
  encodeFrame,
  EndedElsewhereError,
  FRAME,
  GuestGoneError,
  GuestTunnel,
  ServiceWitness,
  SupervisorConnection,
  type BootFacts,
  type GuestIdentity,
  type SupervisedInstance,
} from '@sandport/provider-kit';
import type { Language } from '@sandport/core';
import type { ConnectedSandbox } from '../control/control-schemas.ts';
import type { E2bProviderConfig } from '../e2b-provider-config.ts';
import { E2B_TERMS } from '../e2b-errors.ts';
import { CommandWay } from '../guest/command-way.ts';
import { guestExchange } from '../guest/guest-exchange.ts';
import type { GuestWay } from '../guest/guest-way.ts';
import { isPassingInside } from '../http/e2b-failure.ts';
import { InterpreterWay } from '../guest/interpreter-way.ts';
import { startGuest } from '../guest/start-guest.ts';
import { awaitInterpreter } from '../interpreter/await-interpreter.ts';
import { InterpreterClient } from '../interpreter/interpreter-client.ts';
import { connectionOptions } from '../sdk/connection-options.ts';
import { makeSandbox, type E2bSdk } from '../sdk/e2b-sdk.ts';
import type { E2bSettings } from '../settings/resolve-settings.ts';
import { addressOf, ENVD_PORT } from './addresses.ts';
import type { Lease } from './lease.ts';
import { isThere, reviveSandbox } from './remote-sandboxes.ts';
import type { WayName } from './sandbox-marks.ts';
import type { ServiceControl } from './service-control.ts';

/** A sandbox of the service in which our supervisor waits for a job. */
export interface E2bInstance extends SupervisedInstance {
  readonly way: GuestWay;
  readonly tunnel: GuestTunnel;
  readonly lease: Lease;
  readonly madeAtMs: number;
  /** When the service ends it at the latest, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** What an instance is made from. */
export interface E2bInstanceOptions {
  readonly control: ServiceControl;
  readonly settings: E2bSettings;
  readonly sdk: E2bSdk;
  readonly config: E2bProviderConfig;
  readonly sandbox: ConnectedSandbox;
  readonly wayName: WayName;
  readonly language: Language;
  readonly lease: Lease;
  readonly madeAtMs: number;
  readonly endsAtMs: number;
  /** For one that outlives us: what whoever takes it over knows, too. */
  readonly identity: GuestIdentity | undefined;
  readonly signal: AbortSignal;
}

/** What the way there and back may take, in milliseconds. */
const ANSWER_DELAY_MS = 300;
/** A version that lets the SDK use everything: what it says of itself concerns calls that are not used here. */
const UNKNOWN_ENVD_VERSION = '0.5.7';

/** Brings our supervisor into a sandbox. */
export async function openInstance(options: E2bInstanceOptions): Promise<E2bInstance> {
  const { config, language, identity, signal } = options;
  const way = await openWay(options);
  try {
    const { secret, facts } = await startGuest({ way, language, programNetwork: config.programNetwork, identity, signal });
    const tunnel = openTunnel(options, way, facts.folder, secret, false);
    const instance = instanceOf(options, way, tunnel, facts.hardening ?? []);
    if (identity !== undefined) instance.connection.send([encodeFrame(FRAME.token, identity.secret)]);
    return instance;
  } catch (error) {
    way.close();
    throw error;
  }
}

/** An instance that another process has made, or this one before, and what is left of its life. */
export interface TakenInstance {
  readonly instance: E2bInstance;
  readonly remainingMs: number;
}

/**
 * Takes over the supervisor of a sandbox that others have used.
 *
 * @throws EndedElsewhereError when there is none, E2bFailure, SandboxError.
 */
export async function takeInstance(options: E2bInstanceOptions & { readonly identity: GuestIdentity }): Promise<TakenInstance> {
  const way = await openWay(options);
  const tunnel = openTunnel(options, way, `$TMPDIR/sandport-${options.identity.folderName}`, options.identity.secret, true);
  try {
    const { remainingMs, hardening } = await tunnel.touch(options.signal);
    return { instance: instanceOf(options, way, tunnel, hardening ?? []), remainingMs: remainingMs ?? 0 };
  } catch (error) {
    tunnel.incoming.destroy();
    way.close();
    throw error;
  }
}

function openTunnel(
  { control, sandbox, lease, identity }: E2bInstanceOptions,
  way: GuestWay,
  folder: string,
  secret: Uint8Array,
  takesOver: boolean,
): GuestTunnel {
  const isOthers = identity !== undefined;
  const exchange = guestExchange({
    way,
    folder,
    secret,
    revive: (signal) => reviveSandbox(control, sandbox.sandboxID, lease.timeoutMs, signal),
  });
  return new GuestTunnel({
    exchange: async (request, signal) => {
      lease.noteUse();
      try {
        return await exchange(request, signal);
      } catch (error) {
        // Only others can have ended one that others may take.
        throw error instanceof GuestGoneError && isOthers ? new EndedElsewhereError({ cause: error }) : error;
      }
    },
    isConcurrent: true,
    isPassing: isPassingInside,
    takesOver,
  });
}

function instanceOf(
  options: E2bInstanceOptions,
  way: GuestWay,
  tunnel: GuestTunnel,
  hardening: NonNullable<BootFacts['hardening']>,
): E2bInstance {
  const { control, sandbox, language, lease, madeAtMs, endsAtMs, identity } = options;
  return {
    id: sandbox.sandboxID,
    language,
    limits: {},
    connection: new SupervisorConnection(E2B_TERMS, tunnel),
    // What the service keeps between sandboxes is its word. What was taken from programs inside of one was measured there before any ran.
    isolation: { kind: 'remote', measuredBy: 'the word of the service', hardening },
    outlivesConnection: identity !== undefined,
    endsPrograms: true,
    witness: new ServiceWitness((signal) => isThere(control, sandbox.sandboxID, signal)),
    answerDelayMs: ANSWER_DELAY_MS,
    way,
    tunnel,
    lease,
    madeAtMs,
    endsAtMs,
  };
}

async function openWay({ settings, sdk, config, sandbox, wayName, signal }: E2bInstanceOptions): Promise<GuestWay> {
  if (wayName === 'code-interpreter') {
    const client = new InterpreterClient(settings, sandbox);
    try {
      await awaitInterpreter(client, signal);
    } catch (error) {
      client.close();
      throw error;
    }
    return new InterpreterWay(client);
  }
  const { sandboxID: sandboxId, domain, envdAccessToken, envdVersion } = sandbox;
  const object = makeSandbox(sdk, {
    ...connectionOptions(settings),
    sandboxId,
    sandboxUrl: addressOf(settings, { sandboxId, domain }, ENVD_PORT),
    // The SDK compares it with others and fails on what is no version.
    envdVersion: /^\d+\.\d+\.\d+$/.test(envdVersion) ? envdVersion : UNKNOWN_ENVD_VERSION,
    envdAccessToken: envdAccessToken ?? undefined,
  });
  return new CommandWay(object, config.user);
}
