import { findSandboxHost } from '../execution/sandbox-host.ts';
import { CountingFaultScript } from '../faults/fault-script.ts';
import { startLocalServer, type LocalServer } from '../http/local-server.ts';
import type { FakeRagflowExecutor, FakeRagflowExecutorOptions } from './fake-ragflow-executor.ts';
import type { RagflowFault } from './ragflow-fault.ts';
import type { RagflowOperation, RagflowPlane } from './ragflow-operation.ts';
import { RagflowService } from './ragflow-service.ts';
import { parseSandboxTimeout } from './sandbox-timeout.ts';
import { serveExchange, type OpenRecord } from './serve-exchange.ts';

const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** Starts a fake executor manager of RAGFlow on a free port of 127.0.0.1. Fails when this machine has no Python, or cannot do what the options demand. */
export async function startFakeRagflowExecutor(options: FakeRagflowExecutorOptions = {}): Promise<FakeRagflowExecutor> {
  const { pythonPath = 'python3', nodePath = process.execPath, fileSystem = 'auto', maxBodyBytes = MOST_BODY_BYTES } = options;
  const host = await findSandboxHost({ pythonPath, nodePath, fileSystem });
  const { sandboxTimeout = '10s', poolSize = 3, poolWaitMs = 10_000, analyzes = true, token } = options;
  const service = new RagflowService({ timeoutSeconds: parseSandboxTimeout(sandboxTimeout), poolSize, poolWaitMs, analyzes }, host);
  const faults = new CountingFaultScript<RagflowPlane, RagflowOperation, RagflowFault>();
  const requests: OpenRecord[] = [];
  const servant = { service, script: faults, records: requests, token };
  const server = await startLocalServer(maxBodyBytes, (exchange) => serveExchange(servant, exchange));
  return new RunningExecutor(server, service, faults, requests);
}

class RunningExecutor implements FakeRagflowExecutor {
  readonly host: string;
  readonly faults: FakeRagflowExecutor['faults'];
  readonly requests: FakeRagflowExecutor['requests'];
  readonly #server: LocalServer;
  readonly #service: RagflowService;
  #closing: Promise<void> | undefined;

  constructor(
    server: LocalServer,
    service: RagflowService,
    faults: FakeRagflowExecutor['faults'],
    requests: FakeRagflowExecutor['requests'],
  ) {
    this.host = server.host;
    this.faults = faults;
    this.requests = requests;
    this.#server = server;
    this.#service = service;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  get executions(): FakeRagflowExecutor['executions'] {
    return this.#service.executions;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#server.close();
    await this.#service.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
