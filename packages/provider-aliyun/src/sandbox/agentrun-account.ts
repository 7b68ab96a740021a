import type { Language, SandboxError } from '@sandport/core';
import { ownerMark, settleWithin, type ReapReport } from '@sandport/provider-kit';
import type { AliyunProviderConfig } from '../aliyun-provider-config.ts';
import { LONGEST_SANDBOX_LIFE_MS } from '../aliyun-provider-config.ts';
import { isNotFound, toAliyunError } from '../aliyun-errors.ts';
import { ControlClient } from '../control/control-client.ts';
import { DataClient } from '../data/data-client.ts';
import { makeKeyProvider, type CredentialsChain, type KeyProvider } from '../settings/key-provider.ts';
import { OFFICIAL_REGIONS, missingError, resolveSettings, type AliyunSettings } from '../settings/resolve-settings.ts';
import { TemplateKeeper, type TemplateProgress } from '../template/template-keeper.ts';
import { openInstance, type AgentRunInstance } from './agentrun-instance.ts';
import { reapSandboxes } from './reaper.ts';
import { deleteRemoteSandbox, makeRemoteSandbox } from './remote-sandboxes.ts';
import { newSandboxId } from './sandbox-name.ts';

/** What is needed to work in an account. */
export interface AgentRunAccountOptions {
  readonly config: AliyunProviderConfig;
  /** Told while the template is being made: that may take minutes. */
  readonly onTemplateProgress?: ((progress: TemplateProgress) => void) | undefined;
  /** In place of the ecosystem's default chain, with `credentialSource: 'default-chain'`. */
  readonly credentialsChain?: CredentialsChain | undefined;
}

interface AccountParts {
  readonly settings: AliyunSettings;
  readonly control: ControlClient;
  readonly data: DataClient;
  readonly templates: TemplateKeeper;
}

/** How long `close` waits for the look at abandoned sandboxes that it broke off. */
const REAP_END_MS = 5000;

/** Everything of one account that is used here: template, sandboxes, and what was left behind of them. Made without I/O. */
export class AgentRunAccount {
  readonly keys: KeyProvider;
  readonly #options: AgentRunAccountOptions;
  readonly #closing = new AbortController();
  /** Sandboxes that could not be deleted. */
  readonly #leftBehind = new Set<string>();
  #parts: AccountParts | undefined;
  #reaping: Promise<void> | undefined;

  constructor(options: AgentRunAccountOptions) {
    this.#options = options;
    this.keys = makeKeyProvider(options.config, options.credentialsChain);
  }

  get settings(): AliyunSettings {
    return this.#get().settings;
  }

  get control(): ControlClient {
    return this.#get().control;
  }

  get data(): DataClient {
    return this.#get().data;
  }

  get templates(): TemplateKeeper {
    return this.#get().templates;
  }

  /** Sandboxes of ours that could not be deleted. */
  get leftBehind(): readonly string[] {
    return [...this.#leftBehind];
  }

  /** Whether an address that does not exist may be that of a region which does not. */
  get isRegionKnown(): boolean {
    return OFFICIAL_REGIONS.some((region) => region === this.settings.region);
  }

  /** Makes sure of what every sandbox needs, and begins to look for those that dead processes left. */
  async prepare(signal: AbortSignal | undefined): Promise<void> {
    try {
      if (this.settings.data === undefined) throw missingError('accountId');
      await this.keys.getKey();
      await this.templates.ready(signal);
    } catch (error) {
      throw this.toError(error, 'find template');
    }
    this.#reaping ??= this.#reap();
  }

  /** Makes a sandbox with our supervisor in it. What was made is ended when a later step fails. */
  async open(language: Language, signal: AbortSignal): Promise<AgentRunInstance> {
    const { config } = this.#options;
    try {
      const template = await this.templates.ready(signal);
      const lifetimeMs = Math.min(LONGEST_SANDBOX_LIFE_MS, (template.sandboxTTLInSeconds ?? Infinity) * 1000);
      const leaseEndsAtSeconds = Math.ceil((Date.now() + lifetimeMs) / 1000);
      const sandboxId = newSandboxId({ owner: await ownerMark(), leaseEndsAtSeconds });
      const planes = { control: this.control, data: this.data };
      try {
        const input = {
          templateName: this.settings.templateName,
          sandboxId,
          sandboxIdleTimeoutInSeconds: Math.ceil(config.abandonedAfterMs / 1000),
        };
        await makeRemoteSandbox(planes, input, signal);
        return await openInstance({ ...planes, config, sandboxId, language, lifetimeMs, signal });
      } catch (error) {
        // The template may have been deleted since it was found.
        if (isNotFound(error)) this.templates.forget();
        await this.#delete(sandboxId);
        throw error;
      }
    } catch (error) {
      throw this.toError(error, 'create sandbox');
    }
  }

  /** Ends a sandbox. What cannot be deleted is remembered, and tried again at the end. */
  async end(instance: AgentRunInstance): Promise<void> {
    instance.connection.close();
    await this.#delete(instance.id);
  }

  /** From now on nothing is waited for but what ends things. */
  beginClose(): void {
    this.#closing.abort(new Error('the provider is being closed'));
    this.#parts?.templates.close();
  }

  async close(): Promise<void> {
    if (this.#reaping !== undefined) await settleWithin(this.#reaping, REAP_END_MS);
    await Promise.all([...this.#leftBehind].map((sandboxId) => this.#delete(sandboxId)));
  }

  /** Deletes, or only counts, what dead processes left. */
  reap(deletes: boolean, signal?: AbortSignal): Promise<ReapReport> {
    return reapSandboxes(this.control, { templateName: this.settings.templateName, signal, deletes });
  }

  toError(error: unknown, operation: string): SandboxError {
    return toAliyunError(error, operation, this.isRegionKnown);
  }

  #get(): AccountParts {
    const { config, onTemplateProgress } = this.#options;
    if (this.#parts === undefined) {
      const settings = resolveSettings(config);
      const control = new ControlClient(settings.control, this.keys);
      const data = new DataClient(settings, this.keys);
      const templates = new TemplateKeeper({ control, config, templateName: settings.templateName, onProgress: onTemplateProgress });
      this.#parts = { settings, control, data, templates };
    }
    return this.#parts;
  }

  async #delete(sandboxId: string): Promise<void> {
    this.#leftBehind.add(sandboxId);
    const [outcome] = await Promise.allSettled([deleteRemoteSandbox(this.control, sandboxId)]);
    if (outcome.status === 'fulfilled') this.#leftBehind.delete(sandboxId);
  }

  /** Whether it works concerns no call; a look at the provider's health says so. */
  async #reap(): Promise<void> {
    await Promise.allSettled([this.reap(true, this.#closing.signal)]);
  }
}
