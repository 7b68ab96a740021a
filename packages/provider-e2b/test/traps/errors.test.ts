import { SandboxError } from '@sandport/core';
import { Sandbox as CodeSandbox } from '@e2b/code-interpreter';
import { startFakeE2b, type E2bFault, type E2bOperation, type E2bPlane } from '@sandport/fakes';
import * as sdk from 'e2b';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { IN_TIME, openInterpreter, ourControl } from './our-interpreter.ts';
import { leftIn, ONE_RUN, runOnce, withProvider } from './our-run.ts';
import { connectionTo, failureOf } from './vendor-call.ts';

const { Sandbox } = sdk;

/** A rule for so many calls of an operation. */
const on = (operation: E2bOperation, fault: E2bFault, times = Number.POSITIVE_INFINITY) => ({ match: { operation }, times, fault });
const gateway = (status: number): E2bFault => ({ kind: 'status', status, body: 'text' });

/** Sees the garbage collector run over and over until it is disposed of. */
function collectGarbage(): Disposable {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const timer = setInterval(collect, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

describe('a service that does not answer, and a garbage collector that runs', () => {
  test('the SDK loses its own deadline: nothing holds the signals on its way to the connection', async () => {
    await using fake = await startFakeE2b();
    using _collector = collectGarbage();
    fake.faults.add(on('CreateSandbox', { kind: 'hang' }));
    const call = failureOf(Sandbox.create('base', { ...connectionTo(fake), requestTimeoutMs: 200 })).then(() => 'settled');
    expect(await Promise.race([call, delay(1000, 'still waiting')])).toBe('still waiting');
  });

  test('ours settles in its own terms whatever was collected, and gets over it', async () => {
    await using fake = await startFakeE2b();
    using _collector = collectGarbage();
    fake.faults.add(on('GetSandbox', { kind: 'hang' }));
    const failure = await failureOf(ourControl(fake).getSandbox('isomething', { timeoutMs: 200 }));
    expect(failure).toMatchObject({ name: 'E2bFailure', facts: { kind: 'unreachable', code: 'DEADLINE_EXCEEDED' } });
    const config = { requestTimeoutMs: 1000 };
    expect(await runOnce(fake, { config, making: [on('CreateSandbox', { kind: 'hang' }, 1)] })).toEqual(ONE_RUN);
  });
});

describe.concurrent('a key that is refused, and a service that is busy', () => {
  test('the SDK has an error for each that belongs to no family', async () => {
    await using fake = await startFakeE2b();
    const refused = await failureOf(Sandbox.create('base', { ...connectionTo(fake), apiKey: 'e2b_unknown' }));
    fake.faults.add(on('CreateSandbox', gateway(503)));
    const busy = await failureOf(Sandbox.create('base', connectionTo(fake)));
    expect([refused, busy].map((error) => [error.name, error instanceof sdk.SandboxError])).toEqual([
      ['AuthenticationError', false],
      ['ServiceBusyError', false],
    ]);
  });

  test('ours has one family', async () => {
    await using fake = await startFakeE2b();
    const codeOf = (config: object): Promise<unknown> =>
      withProvider(fake, { config }, async (provider) => {
        const error = await failureOf(provider.createSandbox({ language: 'python' }));
        return SandboxError.isInstance(error) && error.code;
      });
    expect(await codeOf({ apiKey: 'e2b_unknown' })).toBe('AUTHENTICATION_FAILED');
    fake.faults.add(on('CreateSandbox', gateway(503)));
    expect(await codeOf({})).toBe('CAPACITY_EXHAUSTED');
  });
});

describe.concurrent('a server for code that asks for patience, or refuses the token', () => {
  const statuses = [429, 401] as const;
  const faultOf = (status: number): E2bFault => ({ kind: 'status', status, retryAfter: { seconds: 7 } });

  test.each(statuses)('the SDK throws what it throws for everything: %i', async (status) => {
    await using fake = await startFakeE2b();
    const sandbox = await CodeSandbox.create(connectionTo(fake));
    fake.faults.add(on('ExecuteCode', faultOf(status)));
    const error = await failureOf(sandbox.runCode('1'));
    expect([error.name, error.constructor, Reflect.get(error, 'statusCode')]).toEqual(['SandboxError', sdk.SandboxError, undefined]);
  });

  test.each(statuses)('ours keeps what was said: %i', async (status) => {
    await using fake = await startFakeE2b();
    using client = await openInterpreter(fake);
    fake.faults.add(on('ExecuteCode', faultOf(status)));
    expect(await failureOf(client.execute('1', undefined, IN_TIME))).toMatchObject({
      facts: { kind: 'refused', status, retryAfterMs: 7000 },
    });
  });
});

describe.concurrent("a gateway's word for a sandbox that lives", () => {
  const faults: readonly (readonly [string, E2bFault])[] = [
    ['429', gateway(429)],
    ['502', gateway(502)],
    ['503', gateway(503)],
    ['504', gateway(504)],
    ['sandbox not found', { kind: 'false-gone' }],
  ];

  test.each(faults)('the SDK says that it has ended, at %s', async (_, fault) => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    fake.faults.add(on('StartProcess', fault));
    expect(await failureOf(sandbox.commands.run('true'))).toMatchObject({ name: 'SandboxNotFoundError' });
    expect((await sandbox.getInfo()).state).toBe('running');
  });

  const onPlane = (plane: E2bPlane) => faults.map(([name, fault]) => ({ plane, name, fault }));
  // Whatever of the interpreter's is no success is treated alike: two will do.
  test.each([...onPlane('envd'), ...onPlane('interpreter').filter(({ name }) => name === '429' || name === 'sandbox not found')])(
    'ours asks the service before it gives it up, at $name of $plane',
    async ({ plane, fault }) => {
      await using fake = await startFakeE2b();
      const way = plane === 'envd' ? 'commands' : 'code-interpreter';
      const running = [{ match: { plane }, times: 2, fault }];
      expect(await runOnce(fake, { config: { way }, running })).toEqual(ONE_RUN);
      const asked = fake.requests.map(({ operation }) => operation);
      expect(asked.filter((operation) => operation === 'CreateSandbox')).toHaveLength(1);
      expect(asked).toContain('GetSandbox');
    },
  );

  test('ours gives one up that the service does not have any more', async () => {
    await using fake = await startFakeE2b();
    await withProvider(fake, {}, async (provider) => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      fake.faults.add({ match: { plane: 'envd' }, times: 1, fault: { kind: 'vanish', when: 'before-work' } });
      const outcome = await sandbox.execute({ code: '1' }).then(
        ({ status }) => status,
        (error: unknown) => SandboxError.isInstance(error) && error.code,
      );
      expect(['killed', 'PROVIDER_UNAVAILABLE']).toContain(outcome);
    });
    expect(leftIn(fake)).toEqual([]);
  });
});

describe.concurrent("a gateway's 404, which is not the service's", () => {
  test('the SDK throws where a sandbox is ended, and leaves it', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await Sandbox.create('base', connectionTo(fake));
    fake.faults.add(on('KillSandbox', gateway(404), 1));
    expect(await failureOf(sandbox.kill())).toMatchObject({ name: 'SandboxError', statusCode: 404 });
    expect(fake.sandboxes()).toHaveLength(1);
  });

  test('ours does not take it for an end, and ends the sandbox later', async () => {
    await using fake = await startFakeE2b();
    expect(await runOnce(fake, { ending: [on('KillSandbox', gateway(404), 1)] })).toEqual(ONE_RUN);
  });

  test("ours takes the service's own 404 for an end", async () => {
    await using fake = await startFakeE2b();
    const ending = [on('KillSandbox', { kind: 'vanish', when: 'before-work' }, 1)];
    expect(await runOnce(fake, { ending })).toEqual(ONE_RUN);
    expect(fake.requests.filter(({ operation }) => operation === 'KillSandbox')).toMatchObject([{ status: 404 }]);
  });
});

describe.concurrent('a page of somebody else, with status 200', () => {
  test('the SDK gives it as the content of a file, and fails at it with errors of the runtime', async () => {
    await using fake = await startFakeE2b();
    const sandbox = await CodeSandbox.create(connectionTo(fake));
    await sandbox.files.write('text.txt', 'ours');
    fake.faults.add({ fault: { kind: 'foreign-body' } });
    expect(await sandbox.files.read('text.txt')).toMatch(/^<!DOCTYPE html>/);
    expect(await failureOf(sandbox.getInfo())).toMatchObject({ name: 'SyntaxError' });
    expect(await failureOf(sandbox.runCode('1'))).toMatchObject({ name: 'SyntaxError' });
  });

  test.each<E2bPlane>(['control', 'envd'])('ours gets over it on the plane %s', async (plane) => {
    await using fake = await startFakeE2b();
    const rule = { match: { plane }, times: 2, fault: { kind: 'foreign-body' } } as const;
    expect(await runOnce(fake, { config: { way: 'commands' }, making: [rule], running: [rule] })).toEqual(ONE_RUN);
  });

  test('ours gets over it in the stream of code', async () => {
    await using fake = await startFakeE2b();
    const rule = on('ExecuteCode', { kind: 'foreign-body' }, 2);
    expect(await runOnce(fake, { config: { way: 'code-interpreter' }, making: [rule], running: [rule] })).toEqual(ONE_RUN);
  });

  test('ours gives no page as the content of a file', async () => {
    await using fake = await startFakeE2b();
    await withProvider(fake, {}, async (provider) => {
      await using sandbox = await provider.createSandbox({ language: 'python' });
      await sandbox.writeFile('text.txt', 'ours');
      fake.faults.add({ match: { plane: 'envd' }, times: 2, fault: { kind: 'foreign-body' } });
      expect(Buffer.from(await sandbox.readFile('text.txt')).toString()).toBe('ours');
    });
  });

  test('ours says so where there is nothing else', async () => {
    await using fake = await startFakeE2b();
    fake.faults.add({ fault: { kind: 'foreign-body' } });
    expect(await failureOf(ourControl(fake).getSandbox('isomething'))).toMatchObject({ facts: { kind: 'unreadable' } });
  });
});
