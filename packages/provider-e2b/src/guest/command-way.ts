import { Buffer } from 'node:buffer';
import { NO_ANSWER_IN_TIME, readBootOutput, settleWithin, type SealedRequest } from '@sandport/provider-kit';
import { callWithin, type CallOptions } from '../http/call-within.ts';
import { toDataFailure } from '../http/data-failure.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import type { SdkCommandHandle, SdkSandbox } from '../sdk/e2b-sdk.ts';
import { guestProgram } from './guest-programs.ts';
import { LOADER, type GuestWay } from './guest-way.ts';
import { RunningRelay } from './running-relay.ts';

/** A process is replaced when this much came over its stream: the SDK keeps everything that a command ever printed. */
const MOST_CARRIED_CHARACTERS = 16 * 1024 * 1024;
/** Characters of one call. In JSON they become a third more, and many gateways take no body above a mebibyte. */
const SEND_CHARACTERS = 512 * 1024;
/** A process that did not begin must leave time for another before a program counts as not started. */
const START_TIMEOUT_MS = 10_000;
const SEND_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 10_000;
const LEAVE_TIMEOUT_MS = 3000;

const COMMAND = `exec python3 -I -S -c '${LOADER}'`;

/** Through the service's commands: one process stays, is spoken to over its input and heard over its output, and is replaced when its stream breaks. */
export class CommandWay implements GuestWay {
  readonly #sandbox: SdkSandbox;
  readonly #user: string;
  #relay: RunningRelay | undefined;
  #starting: Promise<RunningRelay> | undefined;
  #sending: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  /** The sandbox stays when this is closed. */
  #isLeft = false;

  /** @param user Whom the commands belong to. */
  constructor(sandbox: SdkSandbox, user: string) {
    this.#sandbox = sandbox;
    this.#user = user;
  }

  async boot(program: Buffer, options: CallOptions): Promise<string> {
    return callWithin('envd', 'RunCommand', options, async (signal) => {
      const relay = await this.#start(signal);
      const giveUp = (): void => this.#give(relay);
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        await this.#load(relay, Buffer.concat([program, Buffer.from(await guestProgram('relay_loop.py'))]), signal);
        while (relay.end === undefined && readBootOutput(relay.talk) === undefined) await relay.talked();
        signal.throwIfAborted();
        if (readBootOutput(relay.talk) === undefined && relay.end !== undefined) throw relay.end;
      } catch (error) {
        this.#give(relay);
        throw error;
      } finally {
        signal.removeEventListener('abort', giveUp);
      }
      if (relay.end === undefined) this.#relay = relay;
      return relay.talk;
    });
  }

  async ask(folder: string, { bytes, nonce }: SealedRequest, options: CallOptions): Promise<Buffer | 'gone' | undefined> {
    let used: RunningRelay | undefined;
    try {
      return await callWithin('envd', 'SendInput', options, async (signal) => {
        used = await this.#relayOf(folder);
        const answer = used.answerTo(nonce.toString('hex'));
        // The failure of the call is told by the call.
        answer.catch(() => undefined);
        // Its own line, also behind half of one that was given up.
        await this.#send(used, `\n${bytes.toString('base64')}\n`, signal);
        return answer;
      });
    } catch (error) {
      // Nothing that it carries may arrive any more, in whatever direction.
      if (used !== undefined && error instanceof E2bFailure && error.facts.code === NO_ANSWER_IN_TIME) this.#give(used);
      throw error;
    }
  }

  async leave(): Promise<void> {
    this.#isLeft = true;
    // One may be on its way.
    await settleWithin(Promise.allSettled([this.#starting]), LEAVE_TIMEOUT_MS);
    const processId = this.#relay?.processId ?? 0;
    this.close();
    if (processId === 0) return;
    // What stays of it is one idle process, for as long as the sandbox lives.
    const killed = Promise.allSettled([this.#sandbox.commands.kill(processId, { requestTimeoutMs: LEAVE_TIMEOUT_MS })]);
    await settleWithin(killed, LEAVE_TIMEOUT_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#relay?.letGo();
    this.#relay = undefined;
  }

  /** The process that carries, or a new one. */
  async #relayOf(folder: string): Promise<RunningRelay> {
    if (this.#isClosed) throw new E2bFailure({ plane: 'envd', action: 'RunCommand', kind: 'unreachable', code: 'CLOSED' });
    const current = this.#relay;
    if (current !== undefined && current.end === undefined && current.carried < MOST_CARRIED_CHARACTERS) return current;
    // Not with the signal of the one who needs it first: others wait for it, too.
    this.#starting ??= callWithin('envd', 'RunCommand', { timeoutMs: START_TIMEOUT_MS }, (signal) => this.#replace(folder, signal)).finally(
      () => {
        this.#starting = undefined;
      },
    );
    return this.#starting;
  }

  async #replace(folder: string, signal: AbortSignal): Promise<RunningRelay> {
    const [former, relay] = [this.#relay, await this.#start(signal)];
    try {
      const facts = `FACTS = ${JSON.stringify({ folder })}\n`;
      await this.#load(relay, Buffer.from(facts + (await guestProgram('relay_loop.py'))), signal);
    } catch (error) {
      this.#give(relay);
      throw error;
    }
    if (former !== undefined) this.#give(former);
    this.#relay = relay;
    return relay;
  }

  async #start(signal: AbortSignal): Promise<RunningRelay> {
    const relay = new RunningRelay();
    const running = this.#sandbox.commands.run(COMMAND, {
      background: true,
      stdin: true,
      user: this.#user,
      cwd: '/tmp',
      // Without it a command in the background ends after a minute.
      timeoutMs: 0,
      requestTimeoutMs: START_TIMEOUT_MS,
      signal,
      onStdout: (text) => relay.take(text),
    });
    const handle = await untilAborted(running, signal, (late) => this.#end(late));
    relay.attach(handle);
    if (this.#isClosed) this.#give(relay);
    return relay;
  }

  async #load(relay: RunningRelay, program: Buffer, signal: AbortSignal): Promise<void> {
    await this.#send(relay, `${program.length}\n${program.toString()}`, signal);
  }

  /** One after the other: pieces of two requests must not mix. */
  async #send(relay: RunningRelay, text: string, signal: AbortSignal): Promise<void> {
    const sending = this.#sending.then(async () => {
      for (let at = 0; at < text.length && relay.end === undefined; at += SEND_CHARACTERS) {
        signal.throwIfAborted();
        await this.#sandbox.commands.sendStdin(relay.processId, text.slice(at, at + SEND_CHARACTERS), {
          requestTimeoutMs: SEND_TIMEOUT_MS,
          signal,
        });
      }
    });
    this.#sending = sending.catch(() => undefined);
    try {
      await sending;
    } catch (error) {
      if (signal.aborted) throw error;
      // Whether it arrived is not known, and half of it may have: another process begins anew.
      this.#give(relay);
      throw toDataFailure('SendInput', error);
    }
  }

  #give(relay: RunningRelay): void {
    if (this.#relay === relay) this.#relay = undefined;
    relay.letGo();
    if (relay.processId !== 0) this.#kill(relay.processId);
  }

  #end(handle: SdkCommandHandle): void {
    void handle.disconnect().catch(() => undefined);
    handle.wait().catch(() => undefined);
    this.#kill(handle.pid);
  }

  /** It costs nothing but a little memory of the sandbox when that fails. */
  #kill(processId: number): void {
    if (this.#isClosed && !this.#isLeft) return;
    void this.#sandbox.commands.kill(processId, { requestTimeoutMs: END_TIMEOUT_MS }).catch(() => undefined);
  }
}

/** Waits for a command to begin. One that begins when nobody waits any more is handed to `onLate`. */
async function untilAborted(
  running: Promise<SdkCommandHandle>,
  signal: AbortSignal,
  onLate: (handle: SdkCommandHandle) => void,
): Promise<SdkCommandHandle> {
  try {
    return await new Promise<SdkCommandHandle>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      running.then(resolve, reject);
    });
  } catch (error) {
    running.then(onLate, () => undefined);
    if (signal.aborted) throw error;
    throw toDataFailure('RunCommand', error);
  }
}
