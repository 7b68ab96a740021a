import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseProviderConfig, SandboxError, type SandboxProvider } from '@sandport/core';
import { type App, OpenAnswers, type TableRoute } from '@sandport/http-service';
import type { FastifyBaseLogger } from 'fastify';
import { TokenBook } from './access/token-book.ts';
import { TokenUse } from './access/token-use.ts';
import type { ExecutorConfig } from './config/executor-config.ts';
import { ExecutionRegistry } from './executions/execution-registry.ts';
import { OutcomeMemory } from './executions/outcome-memory.ts';
import { findProvider } from './find-provider.ts';
import { SandboxBook } from './sandboxes/sandbox-book.ts';
import { SandboxIds } from './sandboxes/sandbox-id.ts';
import { createServer } from './server/create-server.ts';
import { Metrics } from './server/metrics.ts';
import { Readiness } from './server/readiness.ts';
import type { Service } from './server/service.ts';

/** What an executor is started with. */
export interface ExecutorOptions {
  readonly config: ExecutorConfig;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** In place of the one that the configuration names. */
  readonly provider?: SandboxProvider;
}

/** An executor that listens. */
export class Executor {
  readonly #app: App;
  readonly #service: Service;
  readonly #tokens: TokenBook;
  readonly #log: FastifyBaseLogger;
  #stopped: Promise<void> | undefined;

  private constructor(app: App, service: Service, tokens: TokenBook, log: FastifyBaseLogger) {
    this.#app = app;
    this.#service = service;
    this.#tokens = tokens;
    this.#log = log;
  }

  /**
   * Starts an executor. It listens at once, and is ready when its provider has really run a program.
   *
   * @throws SandboxError `CONFIG_INVALID`, `PROVIDER_UNKNOWN`; the system's own error when the address cannot be listened on.
   */
  static async start(options: ExecutorOptions): Promise<Executor> {
    const { config, log } = options;
    const tokens = new TokenBook(config.tokensFile, (err) =>
      log.error({ err }, 'the tokens could not be read again; the former ones stay in force'),
    );
    await tokens.open();
    let service: Service | undefined;
    let app: App | undefined;
    try {
      service = assemble(options);
      app = await createServer({ service, tokens, log, version: options.version });
      await app.listen({ host: config.listen.host, port: config.listen.port });
    } catch (error) {
      tokens.close();
      service?.sandboxes.close();
      await app?.close();
      await service?.provider.close();
      throw error;
    }
    service.readiness.start();
    return new Executor(app, service, tokens, log);
  }

  /** Where it listens. */
  get address(): string {
    const { address, port, family } = this.#app.server.address() as AddressInfo;
    const scheme = this.#service.config.tls === undefined ? 'http' : 'https';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** What it serves. */
  get routes(): readonly TableRoute[] {
    return this.#app.routeTable.routes;
  }

  /**
   * Takes nothing new, lets running calls finish within the grace time, withdraws the rest, which is answered as `cancelled`, and ends everything that was made. Sandboxes that were made to be
   * connected to again live on. Idempotent.
   */
  stop(graceMs = this.#service.config.graceMs): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
  }

  async #stop(graceMs: number): Promise<void> {
    const { readiness, executions, sandboxes, provider, answers } = this.#service;
    readiness.beginStop();
    this.#log.info({ running: executions.size, graceMs }, 'stopping');
    // A call with a key runs on when its caller is gone, and a call that ran still has to be answered.
    const isIdle = (): boolean => executions.size === 0 && answers.working === 0;
    await until(isIdle, graceMs);
    if (!isIdle()) this.#log.warn({ running: executions.size }, 'the grace time is over: what still runs is withdrawn');
    executions.withdrawAll();
    answers.withdrawAll();
    await until(isIdle, WITHDRAWAL_MS);
    sandboxes.close();
    await readiness.close();
    await provider.close();
    // Who holds a sandbox still has to be told.
    await until(() => answers.size === 0, LAST_WORD_MS);
    await this.#app.close();
    this.#tokens.close();
    this.#log.info('stopped');
  }
}

async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const endsAtMs = performance.now() + withinMs;
  while (!condition() && performance.now() < endsAtMs) await delay(CHECK_INTERVAL_MS);
}

const CHECK_INTERVAL_MS = 20;

/** A withdrawn call settles within a second; its last word needs a moment more. */
const WITHDRAWAL_MS = 3000;

/** Time in which whoever holds a sandbox takes the word that it ended: a hundred bytes. */
const LAST_WORD_MS = 1000;

function assemble({ config, log, provider: given }: ExecutorOptions): Service {
  const definition = findProvider(config.provider.id);
  const providerConfig: unknown = parseProviderConfig(definition, config.provider.config);
  const provider = given ?? definition.create(providerConfig);
  const executions = new ExecutionRegistry(config.name);
  const sandboxes = new SandboxBook({
    provider,
    ids: new SandboxIds(config.name, sandboxKeyOf(config)),
    idleTimeoutMs: idleTimeoutOf(providerConfig),
    onFailure: (err) => log.warn({ err }, 'a sandbox could not be ended'),
  });
  const readiness = new Readiness({
    provider,
    intervalMs: config.healthIntervalMs,
    onChange: (report) => log[report.status === 'ready' ? 'info' : 'warn'](report, report.status === 'ready' ? 'ready' : 'not ready'),
  });
  const metrics = new Metrics({
    runningCalls: () => executions.size,
    keptSandboxes: () => sandboxes.size,
    isReady: () => readiness.isReady,
  });
  return {
    config,
    provider,
    use: new TokenUse(),
    answers: new OpenAnswers(),
    executions,
    outcomes: new OutcomeMemory(config.idempotency),
    sandboxes,
    readiness,
    metrics,
  };
}

function sandboxKeyOf({ sandboxKeyFile }: ExecutorConfig): string | Buffer {
  if (sandboxKeyFile === undefined) return randomBytes(32);
  let key: string;
  try {
    key = readFileSync(sandboxKeyFile, 'utf8').trim();
  } catch (error) {
    throw invalidKey(`${sandboxKeyFile} cannot be read`, error);
  }
  if (key.length < MIN_KEY_LENGTH) throw invalidKey(`${sandboxKeyFile} has fewer than ${MIN_KEY_LENGTH} characters`);
  return key;
}

const MIN_KEY_LENGTH = 32;

function invalidKey(problem: string, cause?: unknown): SandboxError {
  return new SandboxError('CONFIG_INVALID', `sandboxKeyFile: ${problem}.`, {
    operation: 'configure',
    suggestion: 'Write a secret into it: "openssl rand -base64 48".',
    details: { field: 'sandboxKeyFile' },
    cause,
  });
}

/** After how long without a call the provider's sandboxes end, where it says so. */
function idleTimeoutOf(providerConfig: unknown): number | undefined {
  const value: unknown =
    typeof providerConfig === 'object' && providerConfig !== null ? Reflect.get(providerConfig, 'idleTimeoutMs') : undefined;
  return typeof value === 'number' ? value : undefined;
}
