import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';

/** What RAGFlow keeps of an answer. */
export interface RagflowExecution {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly executionTimeSeconds: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The answer as it came, with what RAGFlow itself drops. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** What an agent's node makes of an execution. */
export type RagflowOutcome = { readonly error: string } | { readonly value: unknown };

/** A program for the client. */
export interface RagflowProgramInput {
  readonly code: string | Uint8Array;
  readonly language?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | null | undefined;
}

const LANGUAGES: Readonly<Record<string, string>> = { python: 'python', python3: 'python', javascript: 'nodejs', nodejs: 'nodejs' };
const HEALTH_TIMEOUT_MS = 5000;
const answerSchema = z.record(z.string(), z.unknown());
const text = z.string().catch('');

/** Speaks as RAGFlow's provider `self_managed` does, and knows nothing else of the far end. */
export class RagflowClient {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** True only when the status is 200; every failure is false. */
  async checkHealth(): Promise<boolean> {
    return fetch(`${this.#endpoint}/healthz`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** Runs a program. Fails in RAGFlow's words. */
  async executeCode(program: RagflowProgramInput, call: { timeoutSeconds?: number; signal?: AbortSignal } = {}): Promise<RagflowExecution> {
    const { timeoutSeconds = 30, signal } = call;
    const began = performance.now();
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    const response = await this.#post(bodyOf(program), signal === undefined ? deadline : AbortSignal.any([deadline, signal])).catch(
      (error: unknown) => {
        if (deadline.aborted) throw new Error(`Execution timed out after ${timeoutSeconds} seconds`, { cause: error });
        throw new Error(`HTTP request failed: ${String(error)}`, { cause: error });
      },
    );
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${response.body}`);
    const answer = answerSchema.parse(JSON.parse(response.body));
    return {
      stdout: text.parse(answer['stdout']),
      stderr: text.parse(answer['stderr']),
      exitCode: z.int().catch(0).parse(answer['exit_code']),
      executionTimeSeconds: (performance.now() - began) / 1000,
      metadata: metadataOf(answer),
      answer,
    };
  }

  async #post(body: object, signal: AbortSignal): Promise<{ status: number; body: string }> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.#endpoint}/run`, { method: 'POST', headers, body: JSON.stringify(body), signal });
    return { status: response.status, body: await response.text() };
  }
}

/** What an agent's node takes from an execution: neither the status nor the exit code is looked at. */
export function readAsAgentNode({ stdout, stderr, metadata }: RagflowExecution): RagflowOutcome {
  const artifacts = z.array(z.unknown()).catch([]).parse(metadata['artifacts']);
  const isError = stderr !== '' && metadata['result_present'] !== true && artifacts.length === 0 && stdout.trim() === '';
  if (isError) return { error: stderr };
  if (metadata['result_present'] === true) return { value: metadata['result_value'] };
  return { value: parseOutput(stdout) };
}

function bodyOf({ code, language = '', arguments: given }: RagflowProgramInput): object {
  const name = language.toLowerCase() || 'python';
  return { code_b64: Buffer.from(code).toString('base64'), language: LANGUAGES[name] ?? name, arguments: given ?? {} };
}

function metadataOf(answer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = answerSchema.nullish().parse(answer['result']);
  const names = ['status', 'time_used_ms', 'memory_used_kb', 'detail', 'artifacts'];
  const copied = Object.fromEntries(names.map((name) => [name, answer[name]]));
  return { ...copied, result_present: result?.['present'] ?? false, result_value: result?.['value'], result_type: result?.['type'] };
}

function parseOutput(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch (error) {
    if (error instanceof SyntaxError) return stdout;
    throw error;
  }
}
