import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled, withDeadline } from '@sandport/provider-kit';
import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import { LONGEST_SANDBOX_LIFE_MS } from '../aliyun-provider-config.ts';
import { aliyunError, isNotFound, PROVIDER_ID } from '../aliyun-errors.ts';
import type { ControlClient, CreateTemplateInput } from '../control/control-client.ts';
import type { Template } from '../control/control-schemas.ts';
import { AgentRunFailure } from '../http/agentrun-failure.ts';
import { isPassing, retrySafely } from '../http/retry.ts';

/** As long as the official SDK waits. */
const READY_TIMEOUT_MS = 300_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
const WANTED_TYPE = 'CodeInterpreter';
/** Megabytes; the other size that the service has is 10240. */
const DISK_MEGABYTES = 512;
const BYTES_IN_MEGABYTE = 1024 * 1024;

/** How far a template has come. */
export interface TemplateProgress {
  readonly templateName: string;
  /** As the service calls it. */
  readonly status: string;
  readonly waitedMs: number;
}

/** What a keeper needs. */
export interface TemplateKeeperOptions {
  readonly control: ControlClient;
  readonly config: AliyunProviderConfig;
  readonly templateName: string;
  readonly onProgress?: ((progress: TemplateProgress) => void) | undefined;
}

/** Finds the template, or makes it once, and waits until sandboxes can be made from it. What it found is kept; a failure is not. */
export class TemplateKeeper {
  readonly #options: TemplateKeeperOptions;
  readonly #closing = new AbortController();
  #ready: Promise<Template> | undefined;
  #progress: TemplateProgress | undefined;

  constructor(options: TemplateKeeperOptions) {
    this.#options = options;
  }

  /** How far it has come while somebody waits for it. */
  get progress(): TemplateProgress | undefined {
    return this.#progress;
  }

  /**
   * The template, ready. All callers wait for one and the same look; one that is withdrawn leaves the others waiting.
   *
   * @throws SandboxError `CONFIG_INVALID` (another type), `RUNTIME_MISSING` (it failed), `DEADLINE_EXCEEDED`, `CANCELLED`; AgentRunFailure.
   */
  async ready(signal?: AbortSignal): Promise<Template> {
    throwIfCancelled({ signal, providerId: PROVIDER_ID, operation: 'find template' });
    this.#ready ??= this.#find().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    const ready = this.#ready;
    return withDeadline({ timeoutMs: READY_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: 'find template' }, () => ready);
  }

  /** Looks at it once, without making one. Nothing when there is none. */
  async look(signal?: AbortSignal): Promise<Template | undefined> {
    try {
      return await this.#get(signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** It was deleted meanwhile: the next look begins anew. */
  forget(): void {
    this.#ready = undefined;
  }

  close(): void {
    this.#closing.abort();
  }

  async #find(): Promise<Template> {
    const beganAt = performance.now();
    const deadline = { timeoutMs: READY_TIMEOUT_MS, signal: this.#closing.signal, providerId: PROVIDER_ID, operation: 'find template' };
    try {
      return await withDeadline({ ...deadline, suggestion: 'Look at the template in the AgentRun console.' }, async (signal) => {
        let template = (await this.look(signal)) ?? (await this.#create(signal));
        for (let pauseMs = FIRST_PAUSE_MS; !isReady(template); pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
          this.#tell(template, performance.now() - beganAt);
          await delay(pauseMs, undefined, { signal });
          template = (await this.look(signal)) ?? (await this.#create(signal));
        }
        return template;
      });
    } finally {
      this.#progress = undefined;
    }
  }

  #tell({ status }: Template, waitedMs: number): void {
    this.#progress = { templateName: this.#options.templateName, status: status ?? 'unknown', waitedMs };
    this.#options.onProgress?.(this.#progress);
  }

  #get(signal: AbortSignal | undefined): Promise<Template> {
    const { control, templateName } = this.#options;
    return retrySafely(() => control.getTemplate(templateName, { signal }), { signal });
  }

  /** Somebody else may have made it meanwhile, and so may a call of ours whose answer was lost: then it is there, and that is all that is wanted. */
  async #create(signal: AbortSignal): Promise<Template> {
    const { control } = this.#options;
    return retrySafely(
      async () => {
        try {
          return await control.createTemplate(this.#input(), { signal });
        } catch (error) {
          const known = error instanceof AgentRunFailure ? await this.look(signal) : undefined;
          if (known !== undefined) return known;
          throw error;
        }
      },
      {
        signal,
        isWorth: (failure) => isPassing(failure) || failure.facts.kind === 'unreadable' || [200, 409].includes(failure.facts.status ?? 0),
      },
    );
  }

  #input(): CreateTemplateInput {
    const { config, templateName } = this.#options;
    const { networkMode, vpcId, vswitchId, securityGroupId } = config;
    return {
      templateName,
      templateType: WANTED_TYPE,
      cpu: config.cpus,
      memory: Math.floor(config.memoryBytes / BYTES_IN_MEGABYTE),
      diskSize: DISK_MEGABYTES,
      networkConfiguration: {
        networkMode,
        ...(vpcId === undefined ? {} : { vpcId }),
        ...(vswitchId === undefined ? {} : { vswitchIds: [vswitchId] }),
        ...(securityGroupId === undefined ? {} : { securityGroupId }),
      },
      sandboxIdleTimeoutInSeconds: Math.ceil(config.abandonedAfterMs / 1000),
      sandboxTTLInSeconds: LONGEST_SANDBOX_LIFE_MS / 1000,
      description: 'Made by Sandport. Sandboxes of it run untrusted programs.',
    };
  }
}

/**
 * Whether sandboxes can be made from a template.
 *
 * @throws SandboxError `CONFIG_INVALID` when it is of another type, `RUNTIME_MISSING` when it has failed.
 */
function isReady({ templateName, templateType, status }: Template): boolean {
  if ((templateType ?? WANTED_TYPE) !== WANTED_TYPE) {
    throw aliyunError(
      'CONFIG_INVALID',
      'find template',
      `templateName: the template "${templateName}" is of another type than ${WANTED_TYPE}.`,
      {
        suggestion: 'Choose another "templateName": a template of that name is made when there is none.',
        details: { field: 'templateName', reason: 'template-type' },
      },
    );
  }
  const known = status?.toUpperCase() ?? '';
  if (known.endsWith('FAILED')) {
    throw aliyunError('RUNTIME_MISSING', 'find template', `The template "${templateName}" has failed (status ${known}).`, {
      suggestion: 'Look at it in the AgentRun console for the reason, delete it there, and call again: it is made anew.',
      details: { reason: 'template-failed', templateStatus: known },
    });
  }
  return known === 'READY';
}
