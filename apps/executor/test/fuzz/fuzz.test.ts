import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest } from '../executor-under-test.ts';
import { ask, startInstantExecutor, type InstantExecutor } from '../instant-executor.ts';
import { operationsOf, type ApiDocument, type PlacedOperation } from './described-api.ts';
import { judge, makeRequest } from './fuzz-operation.ts';
import { Random } from './random-input.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 1e9));
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 600);
const WASM_RUNS = Math.ceil(RUNS / 15);

/** How often operations are tried again, 100 times, that chance has never let through or never refused. */
const MORE_ROUNDS = 20;

/** Operations about a call that runs, whose id nobody guesses. */
const UNGUESSABLE = 3;

/** Operations that have nothing to refuse. */
const UNREFUSED = 1;

function isOneOf(names: readonly string[]): (operation: PlacedOperation) => boolean {
  return ({ operationId }) => names.includes(operationId);
}

async function documentOf(served: ExecutorUnderTest): Promise<ApiDocument> {
  return JSON.parse((await ask(served, 'GET /openapi.json')).body) as ApiDocument;
}

let served: InstantExecutor;
let document: ApiDocument;
beforeAll(async () => {
  served = await startInstantExecutor();
  document = await documentOf(served);
});
afterAll(() => served[Symbol.asyncDispose]());

describe('the description of the API', () => {
  const everythingIn = (value: unknown): readonly unknown[] =>
    typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(everythingIn)] : [];

  test('is OpenAPI 3.1, and each operation has a name of its own', () => {
    expect(document.openapi).toBe('3.1.0');
    const names = operationsOf(document).map(({ operationId }) => operationId);
    expect(names.every((name) => /^[a-zA-Z]+$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });

  test('refers to nothing that is not there', () => {
    const references = everythingIn(document).flatMap((value) => {
      const reference = (value as { readonly $ref?: unknown }).$ref;
      return typeof reference === 'string' ? [reference] : [];
    });
    const dangling = references.filter((reference) => {
      let place: unknown = document;
      for (const part of reference.replace(/^#\//, '').split('/')) place = (place as Record<string, unknown> | undefined)?.[part];
      return !reference.startsWith('#/') || place === undefined;
    });
    expect(dangling).toEqual([]);
  });

  test('declares every name of a path, and no other', () => {
    for (const { path, parameters = [], operationId } of operationsOf(document)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const declared = parameters.filter((parameter) => parameter.in === 'path');
      expect([operationId, declared.map(({ name }) => name).toSorted()]).toEqual([operationId, named.toSorted()]);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  test('has every route of the native API, and what each answers', () => {
    const described = operationsOf(document).map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    const routes = served.executor.routes.filter(({ method, path }) => path.startsWith('/v1/') && method !== 'HEAD');
    expect(described.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
    for (const { responses, operationId } of operationsOf(document))
      expect([operationId, Object.keys(responses).some((status) => status.startsWith('2')), 'default' in responses]).toEqual([
        operationId,
        true,
        true,
      ]);
  });
});

interface Findings {
  readonly problems: readonly string[];
  /** By the operation's name and the first digit of the status. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Sends as many requests as are asked for, some at one time. */
async function fuzz(
  target: ExecutorUnderTest,
  runs: number,
  choose: (operation: PlacedOperation) => boolean,
  sandboxBody: object = { reconnectable: true },
  random = new Random(SEED),
): Promise<Findings> {
  const operations = operationsOf(await documentOf(target)).filter(choose);
  const dispatcher = new Agent({ connections: 16 });
  const problems: string[] = [];
  const counts = new Map<string, number>();
  const makeSandbox = async (): Promise<string> => {
    const { body } = await ask(target, 'POST /v1/sandboxes', { body: JSON.stringify(sandboxBody) });
    const { id } = JSON.parse(body) as { readonly id: string };
    await ask(target, `PUT /v1/sandboxes/${id}/file?path=a`, { body: 'a', headers: { 'content-type': 'application/octet-stream' } });
    return id;
  };
  try {
    let sandbox = await makeSandbox();
    for (let sent = 0; sent < runs;) {
      const group = Array.from({ length: 8 }, (_, index) => operations[(sent + index) % operations.length] as PlacedOperation);
      sent += group.length;
      const context = {
        dispatcher,
        random,
        origin: target.address,
        token: target.token,
        parameters: { sandbox, context: 'context-1', path: 'a' },
      };
      const requests = group.map((operation) => ({ operation, request: makeRequest(operation, context) }));
      const found = await Promise.all(
        requests.map(async ({ operation, request }) => {
          const { status, problem } = await judge(operation, request, context);
          const kind = `${operation.operationId} ${Math.floor(status / 100)}xx`;
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
          return problem === undefined
            ? []
            : [
                `${problem}\n  ${JSON.stringify({ ...request, headers: { ...request.headers, authorization: '…' }, body: request.body?.slice(0, 2000) })}`,
              ];
        }),
      );
      problems.push(...found.flat());
      if ((await ask(target, `GET /v1/sandboxes/${sandbox}`)).status !== 200) sandbox = await makeSandbox();
    }
    return { problems, counts };
  } finally {
    await dispatcher.destroy();
  }
}

describe(`what comes by chance (FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS})`, () => {
  test('has no fault, and is answered as it is described', { timeout: 60_000 + RUNS * 20 }, async () => {
    const random = new Random(SEED);
    const names = operationsOf(document).map(({ operationId }) => operationId);
    const seen = new Set<string>();
    const without = (digit: number): string[] => names.filter((name) => !seen.has(`${name} ${digit}xx`));
    // It would prove little if an operation were always refused, or never.
    const lacks = (): readonly string[] => [
      ...(without(2).length > UNGUESSABLE ? without(2) : []),
      ...(without(4).length > UNREFUSED ? without(4) : []),
    ];
    const send = async (runs: number, choose: (operation: PlacedOperation) => boolean): Promise<void> => {
      const { problems, counts } = await fuzz(served, runs, choose, undefined, random);
      expect(problems).toEqual([]);
      for (const kind of counts.keys()) seen.add(kind);
    };
    await send(RUNS, () => true);
    for (let round = 0; round < MORE_ROUNDS && lacks().length > 0; round += 1) await send(100, isOneOf(lacks()));
    expect(lacks()).toEqual([]);
    // Sandboxes that were asked for are kept until somebody ends them; nothing else is left.
    const { body } = await ask(served, 'GET /metrics');
    expect(/^sandport_executor_running_calls (\d+)/m.exec(body)?.[1]).toBe('0');
  });

  test('has none in front of a provider that really runs it', { timeout: 60_000 + RUNS * 20 }, async () => {
    await using real = await startExecutorUnderTest();
    const isLong = isOneOf(['withdrawExecution', 'takeOutput', 'giveInput']);
    expect((await fuzz(real, WASM_RUNS, (operation) => !isLong(operation), {})).problems).toEqual([]);
    expect(await ask(real, 'GET /healthz', { token: null })).toMatchObject({ status: 200 });
  });

  test('leaves nothing that nobody asked to keep', async () => {
    await using fresh = await startInstantExecutor();
    const isOver = isOneOf(['execute', 'capabilities', 'withdrawExecution', 'giveInput']);
    expect((await fuzz(fresh, Math.ceil(RUNS / 3), isOver)).problems).toEqual([]);
    for (const id of [...fresh.provider.living.keys()]) expect(id).toBe('box-1');
  });
});
