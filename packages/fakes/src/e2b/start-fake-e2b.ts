import { findSandboxHost } from '../execution/sandbox-host.ts';
import { CountingFaultScript } from '../faults/fault-script.ts';
import { startLocalServer, type LocalServer } from '../http/local-server.ts';
import { KeyRing } from './access/key-ring.ts';
import type { E2bFault } from './e2b-fault.ts';
import type { E2bOperation, E2bPlane } from './e2b-operation.ts';
import { E2bService } from './e2b-service.ts';
import type { FakeE2b, FakeE2bOptions, FakeE2bSandboxView } from './fake-e2b.ts';
import type { OpenRecord } from './request-record.ts';
import { serveExchange } from './serve-exchange.ts';
import type { E2bSandbox } from './state/e2b-sandbox.ts';
import { resolveSettings } from './state/service-settings.ts';

/** Starts a fake E2B on a free port of 127.0.0.1. Fails when this machine has no Python, or cannot do what the options demand. */
export async function startFakeE2b(options: FakeE2bOptions = {}): Promise<FakeE2b> {
  const { pythonPath = 'python3', nodePath = process.execPath, fileSystem = 'auto' } = options;
  const settings = resolveSettings(options, await findSandboxHost({ pythonPath, nodePath, fileSystem }));
  const keys = new KeyRing();
  const apiKey = keys.add(options.apiKey);
  const service = new E2bService(settings, keys);
  const fake = new RunningE2b(service, keys, apiKey);
  try {
    const servant = { service, script: fake.faults, records: fake.requests };
    fake.attach(await startLocalServer(settings.maxBodyBytes, (exchange) => serveExchange(servant, exchange)));
  } catch (error) {
    await fake.close();
    throw error;
  }
  return fake;
}

class RunningE2b implements FakeE2b {
  readonly apiKey: string;
  readonly faults = new CountingFaultScript<E2bPlane, E2bOperation, E2bFault>();
  readonly requests: OpenRecord[] = [];
  readonly #service: E2bService;
  readonly #keys: KeyRing;
  #server: LocalServer | undefined;
  #closing: Promise<void> | undefined;

  constructor(service: E2bService, keys: KeyRing, apiKey: string) {
    this.#service = service;
    this.#keys = keys;
    this.apiKey = apiKey;
  }

  attach(server: LocalServer): void {
    this.#server = server;
  }

  get host(): string {
    return this.#server?.host ?? '';
  }

  get url(): string {
    return `http://${this.host}`;
  }

  get executions(): FakeE2b['executions'] {
    return this.#service.state.executions;
  }

  addKey(apiKey?: string): string {
    return this.#keys.add(apiKey);
  }

  removeKey(apiKey: string): void {
    this.#keys.remove(apiKey);
  }

  sandboxes(): FakeE2bSandboxView[] {
    const { sandboxes, settings } = this.#service.state;
    void sandboxes.sweep();
    return sandboxes.all().map((sandbox) => viewOf(sandbox, settings.host.machineKind.fileSystem));
  }

  async expire(sandboxId: string): Promise<void> {
    const { sandboxes } = this.#service.state;
    const sandbox = sandboxes.find(sandboxId);
    if (sandbox !== undefined) await sandboxes.expire(sandbox);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#server?.close();
    await this.#service.state.sandboxes.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function viewOf(sandbox: E2bSandbox, fileSystem: FakeE2bSandboxView['fileSystem']): FakeE2bSandboxView {
  const { plan } = sandbox;
  return {
    sandboxId: sandbox.id,
    templateId: plan.template.templateId,
    metadata: plan.metadata,
    state: sandbox.state,
    startedAtMs: sandbox.startedAtMs,
    endAtMs: sandbox.endAtMs,
    autoPause: plan.autoPause,
    allowInternetAccess: sandbox.allowInternetAccess,
    network: sandbox.network,
    dialect: plan.dialect,
    isSecured: plan.isSecured,
    homeFolder: sandbox.homeFolder,
    fileSystem,
  };
}
