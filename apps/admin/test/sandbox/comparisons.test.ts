import { beforeEach, expect, test } from 'vitest';
import { configure, openSandbox, type SandboxUnderTest } from './sandbox-under-test.ts';
import { Journal, scriptedProvider } from './scripted-provider.ts';
import { wasmProvider } from '@sandport/provider-wasm';

let journal: Journal;
let sandbox: SandboxUnderTest;

beforeEach(async () => {
  journal = new Journal();
  sandbox = await openSandbox({ providers: [wasmProvider, scriptedProvider(journal)] });
  await configure(sandbox, 'wasm');
  await configure(sandbox, 'scripted', { token: 'planted-1' });
});

async function chosenPrograms(count: number): Promise<string[]> {
  const { programs } = await sandbox.call('listCorpus');
  expect(programs.length).toBeGreaterThan(20);
  return programs.slice(0, count).map(({ id }) => id);
}

test('two configurations are run side by side, and what differs is told by kind', { timeout: 120_000 }, async () => {
  const programs = await chosenPrograms(2);
  const body = { left: { providerId: 'wasm' }, right: { providerId: 'scripted', version: 2 }, programs: [...programs, ...programs] };
  const events = await sandbox.follow('compareConfigurations', { body });
  expect(events[0]).toEqual({ type: 'began', total: 2 });
  const compared = events.flatMap((event) => (event.type === 'compared' ? [event] : []));
  expect(compared.map(({ program }) => program.id)).toEqual(programs);
  for (const { left, right, differences } of compared) {
    expect([left.status, right.status]).toEqual(['completed', 'completed']);
    expect(differences.length).toBeGreaterThan(0);
  }
  expect(events.at(-1)).toEqual({ type: 'ended', programs: 2, differing: 2 });
  expect([journal.count('make'), journal.count('close'), sandbox.service.slots.taken]).toEqual([1, 1, 0]);
  expect(sandbox.seen.join()).not.toContain('planted');
});

test('who goes away ends it, and both providers with it', async () => {
  await configure(sandbox, 'scripted', { behaviour: 'hang' });
  const controller = new AbortController();
  const body = { left: { providerId: 'scripted' }, right: { providerId: 'scripted' } };
  const following = sandbox.follow('compareConfigurations', { body, signal: controller.signal });
  await expect.poll(() => journal.count('execute')).toBe(2);
  controller.abort();
  expect((await following).at(-1)).toMatchObject({ type: 'error', error: { code: 'CANCELLED' } });
  expect([journal.count('make'), journal.count('close'), sandbox.service.slots.taken]).toEqual([2, 2, 0]);
});

test.each([
  ['a program that is none', { programs: ['no-such-program'] }, 'programs.0'],
  ['a provider that nobody knows', { right: { providerId: 'nobody' } }, 'right.providerId'],
  ['a version that never was', { left: { providerId: 'wasm', version: 99 } }, 'left.version'],
])('is refused for %s', async (_name, changes, field) => {
  const body = { left: { providerId: 'wasm' }, right: { providerId: 'wasm' }, ...changes };
  const error = await sandbox.failureOf('compareConfigurations', { body });
  expect([error.code, error.details?.['field']]).toEqual(['REQUEST_INVALID', field]);
});
