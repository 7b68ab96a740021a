import type { RagflowFault, RagflowFaultScript } from './ragflow-fault.ts';
import type { RagflowOperation } from './ragflow-operation.ts';

/** How the fake is set up. */
export interface FakeRagflowExecutorOptions {
  /** `SANDBOX_TIMEOUT`: minutes and seconds, such as `10s`, `2m` or `1m30s`. Whatever else it is, a number alone included, is 10 seconds. @default '10s' */
  readonly sandboxTimeout?: string;
  /** Containers of each language. @default 3 */
  readonly poolSize?: number;
  /** Wait for a container that is not free. @default 10000 */
  readonly poolWaitMs?: number;
  /** Whether programs are looked through before they run. @default true */
  readonly analyzes?: boolean;
  /** What a gateway before it wants of callers, as `Authorization: Bearer …`; others get 401. @default undefined (anybody may call, as with the service itself) */
  readonly token?: string;
  /** Largest body, in bytes. @default 64 MiB */
  readonly maxBodyBytes?: number;
  /** @default 'python3' */
  readonly pythonPath?: string;
  /** @default the Node that runs this */
  readonly nodePath?: string;
  /** How the files of a container appear to its programs. @default 'auto' */
  readonly fileSystem?: 'auto' | 'mounted' | 'mapped';
}

/** One request, as it was met. */
export interface FakeRagflowRequestRecord {
  readonly operation: RagflowOperation | undefined;
  readonly method: string;
  readonly path: string;
  /** Whether it had the token, where one is wanted. */
  readonly authenticated: boolean;
  /** What RAGFlow's own client would not have sent: another type of content, members that are missing, unknown or of another kind. */
  readonly deviations: readonly string[];
  /** Of the answer; `undefined` while there is none. */
  readonly status: number | undefined;
  readonly faults: readonly RagflowFault['kind'][];
  /** The caller left before he had the whole answer. */
  readonly abandoned: boolean;
}

/** One program that was really started. */
export interface FakeRagflowExecutionRecord {
  readonly language: 'python' | 'nodejs';
  readonly code: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A server that answers as RAGFlow's executor manager does. */
export interface FakeRagflowExecutor extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly faults: RagflowFaultScript;
  readonly requests: readonly FakeRagflowRequestRecord[];
  readonly executions: readonly FakeRagflowExecutionRecord[];
  /** Ends every connection and every container, with its processes and its files. */
  close(): Promise<void>;
}
