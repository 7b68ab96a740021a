import type { EventOf } from '@sandport/admin-api';
import { decodeExecutionResult, type ExecutionResult } from '@sandport/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { ANNA, BEN, configure, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';
import { Journal, scriptedProvider } from './scripted-provider.ts';

type Events = EventOf<'executeProgram'>[];

const WASM = { providerId: 'wasm', version: null };
const SCRIPTED = { providerId: 'scripted', version: null };

function resultIn(events: Events): ExecutionResult {
  const last = events.at(-1);
  if (last?.type !== 'result') throw new Error(`ended with ${JSON.stringify(last)}`);
  return decodeExecutionResult(last.result);
}

function errorIn(events: Events) {
  const last = events.at(-1);
  if (last?.type !== 'error') throw new Error(`ended with ${JSON.stringify(last)}`);
  return last.error;
}

describe('a program on the embedded provider', () => {
  let sandbox: SandboxUnderTest;

  beforeEach(async () => {
    sandbox = await openSandbox();
    await configure(sandbox, 'wasm');
  });

  test('gets what it was given, and everything that it does comes back', async () => {
    const code = `import sys, os
def main(name):
    print(sys.stdin.read(), open('a.txt').read(), os.environ['PLACE'])
    os.makedirs('artifacts', exist_ok=True)
    open('artifacts/out.txt', 'w').write(name)
    return {'name': name}
`;
    const body = {
      code,
      language: 'python',
      arguments: { name: 'Ada' },
      files: { 'a.txt': { text: 'file' } },
      environment: { PLACE: 'here' },
      stdin: { base64: Buffer.from('input').toString('base64') },
      configuration: WASM,
    };
    const events = await sandbox.follow('executeProgram', { body });
    expect(events[0]).toMatchObject({ type: 'accepted' });
    const output = events.flatMap((event) => (event.type === 'output' && event.stream === 'stdout' ? [event.text] : []));
    expect(output.join('')).toBe('input file here\n');
    const result = resultIn(events);
    expect(result).toMatchObject({ status: 'completed', value: { name: 'Ada' }, isolation: { kind: 'wasm' } });
    expect(result.artifacts.files.map(({ path, content }) => [path, Buffer.from(content).toString()])).toEqual([['out.txt', 'Ada']]);
  });

  test('that writes markup, control characters and tricks of direction has them come back as data', async () => {
    const nasty = '<script>alert(1)</script>\u001b]0;x\u0007\u202e\u0000"},{"type":"result"}\r\n\u2028</pre>';
    const code = `module.exports.main = ({ text }) => { console.log(text); console.error(text); throw new Error(text); };`;
    const events = await sandbox.follow('executeProgram', {
      body: { code, language: 'javascript', arguments: { text: nasty }, configuration: WASM },
    });
    const result = resultIn(events);
    expect([result.status, result.stdout, result.stderr.startsWith(nasty)]).toEqual(['failed', `${nasty}\n`, true]);
    expect(result.error?.message).toContain('<script>alert(1)</script>');
    expect(events.filter(({ type }) => type === 'result')).toHaveLength(1);
    // What the server writes is one line an event, whatever a program prints.
    for (const event of events) expect(JSON.stringify(event)).not.toMatch(/\p{Cc}/u);
  });

  test('runs with the configuration of the version that was named', async () => {
    const change = { providers: { wasm: { config: { maxTimeoutMs: 1000 } } } };
    const { version } = await sandbox.call('createDraft', { body: { change, reason: 'short', base: 1 } });
    const body = { code: 'print(1)', language: 'python', limits: { timeoutMs: 2000 } };
    expect(resultIn(await sandbox.follow('executeProgram', { body: { ...body, configuration: WASM } })).status).toBe('completed');
    const refused = errorIn(await sandbox.follow('executeProgram', { body: { ...body, configuration: { providerId: 'wasm', version } } }));
    expect([refused.code, refused.details]).toMatchObject(['REQUEST_INVALID', { field: 'limits.timeoutMs' }]);
  });

  test('that is withdrawn ends', async () => {
    const controller = new AbortController();
    const body = { code: 'print("begun", flush=True)\nwhile True: pass', language: 'python', configuration: WASM };
    const events = await sandbox.follow('executeProgram', { body, signal: controller.signal }, (event) => {
      if (event.type === 'output') controller.abort();
    });
    expect(resultIn(events).status).toBe('cancelled');
  });
});

describe('a program', () => {
  let journal: Journal;
  let sandbox: SandboxUnderTest;

  beforeEach(async () => {
    journal = new Journal();
    sandbox = await openSandbox({ providers: [scriptedProvider(journal)] });
    await configure(sandbox, 'scripted');
  });

  const program = { code: 'x', language: 'python', configuration: SCRIPTED };

  test('finds its provider made already, one for each configuration, which is closed with the service', async () => {
    await sandbox.follow('executeProgram', { body: program });
    await sandbox.follow('executeProgram', { body: { ...program, configuration: { providerId: 'scripted', version: 1 } }, caller: BEN });
    expect([journal.count('make'), journal.count('destroy'), journal.count('close')]).toEqual([1, 2, 0]);
    await configure(sandbox, 'scripted', { address: 'https://8.8.8.8' });
    await sandbox.follow('executeProgram', { body: program });
    expect(journal.count('make')).toBe(2);
    await sandbox.service.close();
    expect(journal.count('close')).toBe(2);
    expect(errorIn(await sandbox.follow('executeProgram', { body: program })).code).toBe('CANCELLED');
  });

  test('never shares a sandbox with that of another operator', async () => {
    for (const caller of [ANNA, BEN]) await sandbox.follow('executeProgram', { body: program, caller });
    expect(journal.requests.map(({ tenant }) => tenant)).toEqual(['account-a1', 'account-b2']);
  });

  test('keeps to the policy in use, whichever configuration it runs with', async () => {
    const policy = { languages: ['python' as const], maxima: { timeoutMs: 500, memoryBytes: 67_108_864 } };
    await sandbox.settings.write([{ name: 'sandbox.policy', source: 'other', dataType: 'json', value: JSON.stringify(policy) }]);
    await sandbox.follow('executeProgram', { body: program });
    expect(journal.requests[0]?.limits.timeoutMs).toBe(500);
    const refusals: readonly (readonly [object, string])[] = [
      [{ language: 'javascript' }, 'language'],
      [{ limits: { timeoutMs: 501 } }, 'limits.timeoutMs'],
      [{ limits: { memoryBytes: 134_217_728 } }, 'limits.memoryBytes'],
    ];
    for (const [asked, field] of refusals) {
      const error = await sandbox.failureOf('executeProgram', { body: { ...program, ...asked } });
      expect([error.code, error.details?.['field']]).toEqual(['POLICY_VIOLATED', field]);
    }
    expect(journal.requests).toHaveLength(1);
  });

  test('does not run under a policy that nobody can read', async () => {
    await sandbox.settings.write([{ name: 'sandbox.policy', source: 'other', dataType: 'json', value: '{"newRule":true}' }]);
    const error = await sandbox.failureOf('executeProgram', { body: program });
    expect([error.code, error.details]).toEqual(['CONFIG_INVALID', { row: 'sandbox.policy' }]);
    expect(journal.events).toEqual([]);
  });

  test.each([
    [
      'of a provider that nobody knows',
      { configuration: { providerId: 'nobody', version: null } },
      'REQUEST_INVALID',
      'configuration.providerId',
    ],
    ['of a version that never was', { configuration: { providerId: 'scripted', version: 9 } }, 'REQUEST_INVALID', 'configuration.version'],
    ['with input that comes later', { stdin: 'stream' as const }, 'REQUEST_INVALID', 'stdin'],
    ['in a language that nobody runs', { language: 'cobol' }, 'LANGUAGE_UNSUPPORTED', 'language'],
    ['with a network that is none', { network: 'everything' }, 'REQUEST_INVALID', 'network'],
  ])('is refused before anything is made: %s', async (_name, changes, code, field) => {
    const error = await sandbox.failureOf('executeProgram', { body: { ...program, ...changes } });
    expect([error.code, error.details?.['field']]).toEqual([code, field]);
    expect(journal.events).toEqual([]);
  });

  test('whose provider says a secret in its error does not pass it on', async () => {
    await configure(sandbox, 'scripted', { behaviour: 'leak', token: 'planted-4711' });
    const error = errorIn(await sandbox.follow('executeProgram', { body: program }));
    expect([error.code, error.message, error.details]).toEqual(['PROVIDER_UNAVAILABLE', 'It said: [redacted].', { said: ['[redacted]'] }]);
    expect(sandbox.seen.join()).not.toContain('planted');
  });

  test('is not run at an address that this app may not reach, and the field is named', async () => {
    await configure(sandbox, 'scripted', { address: 'http://169.254.169.254/' });
    const error = await sandbox.failureOf('executeProgram', { body: program });
    expect([error.code, error.details]).toEqual(['POLICY_VIOLATED', { kind: 'link-local', field: 'address' }]);
    expect(journal.events).toEqual([]);
  });

  test('is one of four at one time; the fifth is told when to come again, and a place is free as soon as one ends', async () => {
    await configure(sandbox, 'scripted', { behaviour: 'hang' });
    const controllers = Array.from({ length: 4 }, () => new AbortController());
    const running = controllers.map(({ signal }) => sandbox.follow('executeProgram', { body: program, signal }));
    await expect.poll(() => journal.count('execute')).toBe(4);
    const body = { providerId: 'scripted', version: null };
    for (const refusal of [
      await sandbox.failureOf('executeProgram', { body: program }),
      await sandbox.failureOf('tryConfiguration', { body }),
      await sandbox.failureOf('compareConfigurations', { body: { left: body, right: body } }),
      await sandbox.failureOf('readHealth'),
    ]) {
      expect([refusal.code, refusal.retryAfterMs]).toEqual(['CAPACITY_EXHAUSTED', 5000]);
    }
    for (const controller of controllers) controller.abort();
    for (const events of await Promise.all(running)) expect(errorIn(events).code).toBe('CANCELLED');
    expect([sandbox.service.slots.taken, journal.count('destroy')]).toEqual([0, 4]);
  });
});
