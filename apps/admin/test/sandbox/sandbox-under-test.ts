import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  ENDPOINTS,
  type AnswerOf,
  type BodyOf,
  type Endpoint,
  type EventOf,
  type PathParametersOf,
  type QueryOf,
} from '@sandport/admin-api';
import { SandboxError, toErrorPayload, type ProviderDefinition } from '@sandport/core';
import { aliyunProvider } from '@sandport/provider-aliyun';
import { dockerProvider } from '@sandport/provider-docker';
import { e2bProvider } from '@sandport/provider-e2b';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';
import { generateMasterKey, KeyRing, openSqliteSettings, type StoredSettings } from '@sandport/settings';
import { onTestFinished } from 'vitest';
import {
  ConnectionGuard,
  createSandboxHandlers,
  SandboxService,
  type Caller,
  type SandboxRouteName,
  type SandboxServiceOptions,
} from '../../src/index.ts';

/** The providers that the app carries. */
export const ALL_PROVIDERS: readonly ProviderDefinition[] = [
  wasmProvider,
  dockerProvider,
  aliyunProvider,
  e2bProvider,
  selfManagedProvider,
];

export const ANNA: Caller = { kind: 'account', id: 'a1', name: 'anna', role: 'operator' };
export const BEN: Caller = { kind: 'account', id: 'b2', name: 'ben', role: 'admin' };

/** What a test asks of a route. */
export interface TestCall<Name extends SandboxRouteName> {
  readonly params?: PathParametersOf<Name>;
  readonly query?: QueryOf<Name>;
  readonly body?: BodyOf<Name>;
  readonly caller?: Caller;
  readonly signal?: AbortSignal;
}

/** How a test sets it up. */
export type TestOptions = Partial<Omit<SandboxServiceOptions, 'settings'>>;

type AnyHandler = (call: object, emit: (event: unknown) => Promise<void>) => Promise<unknown>;

/** The handlers with real settings. Everything that they gave or threw is remembered, and held to the contract. */
export class SandboxUnderTest {
  readonly settings: StoredSettings;
  readonly service: SandboxService;
  readonly #handlers: Readonly<Record<string, AnyHandler>>;
  readonly #seen: string[] = [];

  constructor(settings: StoredSettings, options: SandboxServiceOptions) {
    this.settings = settings;
    this.service = new SandboxService(options);
    this.#handlers = createSandboxHandlers(this.service) as unknown as Readonly<Record<string, AnyHandler>>;
  }

  /** Everything that came out, as text. */
  get seen(): readonly string[] {
    return this.#seen;
  }

  /** The answer of a route. */
  async call<Name extends SandboxRouteName>(name: Name, call: TestCall<Name> = {}): Promise<AnswerOf<Name>> {
    const answer = await this.#carryOut(name, call, () => Promise.resolve());
    const { answer: schema } = ENDPOINTS[name] as Endpoint;
    if (schema !== undefined) schema.parse(answer);
    return answer as AnswerOf<Name>;
  }

  /** The events of a route, as they stand on the wire. What is thrown behind them comes last, as the server writes it. */
  async follow<Name extends SandboxRouteName>(
    name: Name,
    call: TestCall<Name> = {},
    onEvent: (event: EventOf<Name>) => void | Promise<void> = () => undefined,
  ): Promise<EventOf<Name>[]> {
    const events: EventOf<Name>[] = [];
    const take = async (event: unknown): Promise<void> => {
      const written: unknown = JSON.parse(JSON.stringify(event));
      (ENDPOINTS[name] as Endpoint).event?.parse(written);
      this.#see(written);
      events.push(written as EventOf<Name>);
      await onEvent(written as EventOf<Name>);
    };
    try {
      await this.#carryOut(name, call, take);
    } catch (error) {
      await take({ type: 'error', error: toErrorPayload(error) });
    }
    return events;
  }

  /** The error of a route. */
  async failureOf<Name extends SandboxRouteName>(name: Name, call: TestCall<Name> = {}): Promise<SandboxError> {
    try {
      await this.#carryOut(name, call, () => Promise.resolve());
    } catch (error) {
      if (SandboxError.isInstance(error)) return error;
      throw error;
    }
    throw new Error(`${name} did not fail`);
  }

  async #carryOut<Name extends SandboxRouteName>(
    name: Name,
    call: TestCall<Name>,
    emit: (event: unknown) => Promise<void>,
  ): Promise<unknown> {
    const { query, body } = ENDPOINTS[name] as Endpoint;
    const checked = {
      params: call.params ?? {},
      query: query?.parse(call.query ?? {}),
      body: body?.parse(call.body),
      caller: call.caller ?? ANNA,
      signal: call.signal ?? new AbortController().signal,
    };
    try {
      const answer = await this.#handlers[name]?.(checked, emit);
      this.#see(answer);
      return answer;
    } catch (error) {
      this.#see(error);
      this.#see(toErrorPayload(error));
      throw error;
    }
  }

  #see(value: unknown): void {
    this.#seen.push(inspect(value, { depth: 20, maxArrayLength: null, maxStringLength: null }), JSON.stringify(value) ?? '');
  }
}

/** Real settings in a folder of the test, and the handlers on them. */
export async function openSandbox(options: TestOptions = {}): Promise<SandboxUnderTest> {
  const { providers = ALL_PROVIDERS, now } = options;
  const folder = mkdtempSync(join(tmpdir(), 'sandport-admin-'));
  const settings = openSqliteSettings({
    path: join(folder, 'settings.sqlite'),
    providers,
    environment: {},
    keyRing: KeyRing.of([{ key: generateMasterKey() }]),
    ...(now === undefined ? {} : { now }),
  });
  const guard = new ConnectionGuard({ allowedPrivateNetworks: ['127.0.0.0/8', '::1/128'] });
  const sandbox = new SandboxUnderTest(settings, { guard, ...options, settings, providers });
  onTestFinished(async () => {
    await sandbox.service.close();
    await settings.close();
    rmSync(folder, { recursive: true });
  });
  return sandbox;
}

/** Stores and uses a configuration at once. */
export async function configure(sandbox: SandboxUnderTest, id: string, config: object = {}): Promise<number> {
  const { version } = await sandbox.settings.configurations.active();
  const change = { providerType: id, providers: { [id]: { config: config as Record<string, never> } } };
  return (await sandbox.settings.configurations.change(change, { author: 'tester', reason: 'for a test', base: version })).number;
}
