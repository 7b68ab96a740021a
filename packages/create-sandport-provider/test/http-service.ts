import { Buffer } from 'node:buffer';
import type { Secret } from '@sandport/core';
import { parseJson, parseRetryAfter, RemoteFailure, systemCodeOf } from '@sandport/provider-kit';
import { z } from 'zod';
import type { MadeSandbox, SandboxService } from '../template/package/src/service/sandbox-service.ts';

const madeSchema = z.object({ id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), endsAtMs: z.int() });

/** Sandboxes of a service over HTTP. */
export class HttpService implements SandboxService {
  readonly measuredBy = 'the word of the service';
  readonly warning = null;
  readonly #url: string;
  readonly #apiKey: Secret;

  constructor(url: string, apiKey: Secret) {
    this.#url = url;
    this.#apiKey = apiKey;
  }

  async createSandbox(signal: AbortSignal): Promise<MadeSandbox> {
    const answer = await this.#call('CreateSandbox', 'POST', '/sandboxes', signal);
    const made = madeSchema.safeParse(parseJson(answer));
    if (!made.success) throw new RemoteFailure({ action: 'CreateSandbox', kind: 'unreadable' }, 'service');
    return made.data;
  }

  runPython(sandboxId: string, program: Uint8Array, signal: AbortSignal): Promise<string> {
    return this.#call('RunPython', 'POST', `/sandboxes/${sandboxId}/python`, signal, program);
  }

  async hasSandbox(sandboxId: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#call('GetSandbox', 'GET', `/sandboxes/${sandboxId}`, signal);
      return true;
    } catch (error) {
      if (error instanceof RemoteFailure && error.facts.status === 404) return false;
      throw error;
    }
  }

  async deleteSandbox(sandboxId: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#call('DeleteSandbox', 'DELETE', `/sandboxes/${sandboxId}`, signal);
    } catch (error) {
      // One that is not there is ended.
      if (!(error instanceof RemoteFailure) || error.facts.status !== 404) throw error;
    }
  }

  async #call(action: string, method: string, path: string, signal: AbortSignal, body?: Uint8Array): Promise<string> {
    const headers = { authorization: `Bearer ${this.#apiKey.reveal()}` };
    try {
      const sent = body === undefined ? null : Buffer.from(body);
      const answer = await fetch(this.#url + path, { method, headers, body: sent, signal, redirect: 'error' });
      const text = await answer.text();
      if (answer.ok) return text;
      const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after'), Date.now());
      throw new RemoteFailure({ action, kind: 'refused', status: answer.status, retryAfterMs }, 'service');
    } catch (error) {
      if (error instanceof RemoteFailure || signal.aborted) throw error;
      // What was sent may stand in its words: its code is enough.
      throw new RemoteFailure({ action, kind: 'unreachable', code: systemCodeOf(error) }, 'service');
    }
  }
}
