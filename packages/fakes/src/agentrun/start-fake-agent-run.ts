import { findSandboxHost } from '../execution/sandbox-host.ts';
import { CountingFaultScript } from '../faults/fault-script.ts';
import { startLocalServer, type LocalServer } from '../http/local-server.ts';
import { KeyRing, makeAccessKey } from './access/key-ring.ts';
import type { AgentRunFault } from './agent-run-fault.ts';
import type { AgentRunOperation, AgentRunPlane } from './agent-run-operation.ts';
import { AgentRunService } from './agent-run-service.ts';
import type { FakeAccessKey, FakeAgentRun, FakeAgentRunOptions, FakeSandboxView, FakeTemplateView } from './fake-agent-run.ts';
import type { OpenRecord } from './request-record.ts';
import { serveExchange } from './serve-exchange.ts';
import { resolveSettings } from './state/service-settings.ts';
import type { FakeSandbox } from './state/fake-sandbox.ts';

/** What a form has around its file. */
const FORM_BYTES = 64 * 1024;

/** Starts a fake AgentRun on a free port of 127.0.0.1. Fails when this machine has no Python, or cannot do what the options demand. */
export async function startFakeAgentRun(options: FakeAgentRunOptions = {}): Promise<FakeAgentRun> {
  const { pythonPath = 'python3', nodePath = process.execPath, fileSystem = 'auto' } = options;
  const settings = resolveSettings(options, await findSandboxHost({ pythonPath, nodePath, fileSystem }));
  const keys = new KeyRing();
  const account = keys.add(makeAccessKey(options.account ?? {}));
  const service = new AgentRunService(settings, keys, account.accountId);
  service.state.hasServiceLinkedRole = options.hasServiceLinkedRole ?? true;
  const fake = new RunningAgentRun(service, keys, account);
  fake.clockOffsetMs = options.clockOffsetMs ?? 0;
  const maxBytes = Math.max(settings.limits.maxBodyBytes, settings.limits.maxUploadBytes + FORM_BYTES);
  try {
    fake.attach(
      await startLocalServer(maxBytes, (exchange) =>
        serveExchange(
          {
            service,
            script: fake.faults,
            records: fake.requests,
            clockOffsetMs: () => fake.clockOffsetMs,
            expire: (sandboxId) => fake.expire(sandboxId),
          },
          exchange,
        ),
      ),
    );
  } catch (error) {
    await fake.close();
    throw error;
  }
  return fake;
}

class RunningAgentRun implements FakeAgentRun {
  readonly account: FakeAccessKey;
  readonly faults = new CountingFaultScript<AgentRunPlane, AgentRunOperation, AgentRunFault>();
  readonly requests: OpenRecord[] = [];
  clockOffsetMs = 0;
  readonly #service: AgentRunService;
  readonly #keys: KeyRing;
  #server: LocalServer | undefined;
  #closing: Promise<void> | undefined;

  constructor(service: AgentRunService, keys: KeyRing, account: FakeAccessKey) {
    this.#service = service;
    this.#keys = keys;
    this.account = account;
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

  get region(): string {
    return this.#service.state.settings.region;
  }

  get executions(): FakeAgentRun['executions'] {
    return this.#service.state.executions;
  }

  get hasServiceLinkedRole(): boolean {
    return this.#service.state.hasServiceLinkedRole;
  }

  set hasServiceLinkedRole(value: boolean) {
    this.#service.state.hasServiceLinkedRole = value;
  }

  addKey(key: Partial<FakeAccessKey> = {}): FakeAccessKey {
    return this.#keys.add(makeAccessKey(key, this.account.accountId));
  }

  removeKey(accessKeyId: string): void {
    this.#keys.remove(accessKeyId);
  }

  templates(): FakeTemplateView[] {
    const { templates } = this.#service.state;
    return templates.all().map((template) => ({
      accountId: template.accountId,
      templateName: template.input.templateName,
      templateType: template.input.templateType,
      status: templates.status(template),
    }));
  }

  sandboxes(): FakeSandboxView[] {
    const { sandboxes } = this.#service.state;
    sandboxes.sweep();
    return sandboxes.all().map((sandbox) => viewOf(sandbox, this.#service.state.settings.host.machineKind.fileSystem));
  }

  async expire(sandboxId: string): Promise<void> {
    const named = this.#service.state.sandboxes.all().filter(({ plan }) => plan.sandboxId === sandboxId);
    await Promise.all(named.map((sandbox) => sandbox.end()));
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

function viewOf(sandbox: FakeSandbox, fileSystem: FakeSandboxView['fileSystem']): FakeSandboxView {
  return {
    accountId: sandbox.plan.accountId,
    sandboxId: sandbox.plan.sandboxId,
    templateName: sandbox.plan.template.input.templateName,
    status: sandbox.status,
    createdAtMs: sandbox.createdAtMs,
    endedAtMs: sandbox.endedAtMs,
    idleTimeoutSeconds: sandbox.plan.idleTimeoutSeconds,
    homeFolder: sandbox.homeFolder,
    fileSystem,
  };
}
