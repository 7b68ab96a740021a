import type { Buffer } from 'node:buffer';
import { readRelayOutput, settleWithin, type SealedRequest } from '@sandport/provider-kit';
import { callWithin, type CallOptions } from '../http/call-within.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import type { InterpreterClient } from '../interpreter/interpreter-client.ts';
import { guestProgram } from './guest-programs.ts';
import { LOADER, type GuestWay } from './guest-way.ts';

/** Where the interpreters of the template begin. */
const HOME_FOLDER = '/home/user';

/** One interpreter, which does one thing at a time. */
interface Lane {
  /** `undefined`: the one that always exists. */
  readonly contextId: string | undefined;
  isBusy: boolean;
}

/**
 * Through the service's interpreters: code of ours hands requests on. Two of them, since one may wait for what a program says while another brings something new. What was given up is left to end by
 * itself: breaking the connection off would have the service interrupt whatever runs there then.
 */
export class InterpreterWay implements GuestWay {
  readonly #client: InterpreterClient;
  readonly #lanes: Lane[] = [{ contextId: undefined, isBusy: false }];
  readonly #waiting: (() => void)[] = [];
  #opening: Promise<Lane> | undefined;

  constructor(client: InterpreterClient) {
    this.#client = client;
  }

  async boot(program: Buffer, options: CallOptions): Promise<string> {
    const words = `[sys.executable, "-I", "-S", "-c", ${JSON.stringify(LOADER)}]`;
    const text = `base64.b64decode("${program.toString('base64')}")`;
    const code = [
      'import base64, subprocess, sys',
      `__sandport_boot = ${text}`,
      `print(subprocess.run(${words}, input=b"%d\\n" % len(__sandport_boot) + __sandport_boot, capture_output=True).stdout.decode())`,
    ].join('\n');
    const { stdout } = await this.#client.execute(code, undefined, options);
    this.#openSpare();
    return stdout;
  }

  async ask(folder: string, request: SealedRequest, options: CallOptions): Promise<Buffer | 'gone' | undefined> {
    return callWithin('interpreter', 'Execute', options, async (signal) => {
      const lane = await this.#takeLane(signal);
      this.#openSpare();
      const call = this.#askIn(lane, folder, request, options.timeoutMs);
      // Whether or not anybody waits for it any more.
      const done = call.then(
        () => this.#free(lane),
        (error: unknown) => this.#free(lane, error),
      );
      void done;
      return call;
    });
  }

  async leave(): Promise<void> {
    // One may be on its way.
    await settleWithin(Promise.allSettled([this.#opening]), LEAVE_TIMEOUT_MS);
    const ours = this.#lanes.flatMap(({ contextId }) => (contextId === undefined ? [] : [contextId]));
    await Promise.allSettled(ours.map((contextId) => this.#client.removeContext(contextId, { timeoutMs: LEAVE_TIMEOUT_MS })));
    this.close();
  }

  close(): void {
    this.#client.close();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #askIn(lane: Lane, folder: string, request: SealedRequest, timeoutMs: number): Promise<Buffer | 'gone' | undefined> {
    const relay = await guestProgram('kernel_relay.py');
    const code = `${relay}\ncarry_to_supervisor(${JSON.stringify(folder)}, "${request.bytes.toString('base64')}")\n`;
    const { stdout } = await this.#client.execute(code, lane.contextId, { timeoutMs });
    return readRelayOutput(request, stdout);
  }

  async #takeLane(signal: AbortSignal): Promise<Lane> {
    for (;;) {
      signal.throwIfAborted();
      const lane = this.#lanes.find(({ isBusy }) => !isBusy) ?? (this.#lanes.length < 2 ? await this.#openLane() : undefined);
      if (lane !== undefined && !lane.isBusy) {
        lane.isBusy = true;
        return lane;
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  /** Ahead of its need: it takes longer to begin than a program that is to be ended may go on. Where it fails, it is tried again when it is needed. */
  #openSpare(): void {
    if (this.#lanes.length < 2) void this.#openLane().catch(() => undefined);
  }

  #openLane(): Promise<Lane> {
    this.#opening ??= this.#client
      .createContext('python', HOME_FOLDER, { timeoutMs: CONTEXT_TIMEOUT_MS })
      .then((contextId) => {
        const lane = { contextId, isBusy: false };
        this.#lanes.push(lane);
        return lane;
      })
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  /** An interpreter that did not answer, or whose answer broke off, is not asked again: the service may interrupt there whatever comes next. */
  #free(lane: Lane, error?: unknown): void {
    lane.isBusy = false;
    if (error instanceof E2bFailure && (error.facts.kind === 'unreachable' || error.facts.status === 404)) {
      this.#lanes.splice(this.#lanes.indexOf(lane), 1);
      const { contextId } = lane;
      if (contextId !== undefined) void this.#client.removeContext(contextId, { timeoutMs: CONTEXT_TIMEOUT_MS }).catch(() => undefined);
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const CONTEXT_TIMEOUT_MS = 30_000;
const LEAVE_TIMEOUT_MS = 3000;
