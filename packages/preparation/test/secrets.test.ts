import { Buffer } from 'node:buffer';
import { SandboxError, type ExecutionResult } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { prepareProvider } from '../src/index.ts';
import { Journal, PRETENDED_ISOLATION, pretendingDefinition, type PretendedCall, type Pretence } from './pretending-provider.ts';

const SECRET = 'sk-"live"-7f3c\\9d1e\n5a2b/c4+8?e6';

/** Everything that leaves a preparation, as one text. */
async function textOf(pretence: Pretence, apiKey: string = SECRET): Promise<string> {
  const progress: unknown[] = [];
  const findings: unknown[] = [];
  const passport = await prepareProvider({
    definition: pretendingDefinition(new Journal(), pretence),
    config: { apiKey, label: 'of the operator' },
    configDigest: 'e'.repeat(64),
    cases: ['lifecycle/description', 'values/false', 'health/'],
    onProgress: (one) => progress.push(one),
    onFinding: (one) => findings.push(one),
  });
  return JSON.stringify({ passport, progress, findings });
}

/** The longest part of the secret that a cut could leave without being told from other text, and then one more. */
const pieces = (text: string) => Array.from({ length: text.length - 7 }, (_, at) => text.slice(at, at + 8));

function expectNoSecret(text: string): void {
  const shown = [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET), Buffer.from(SECRET).toString('hex')];
  for (const form of shown)
    expect(pieces(form).filter((piece) => text.includes(piece) || text.includes(JSON.stringify(piece).slice(1, -1)))).toEqual([]);
  expect(text).toContain('[redacted]');
}

const leakIn =
  (where: PretendedCall, error: (secret: string) => Error) =>
  (call: PretendedCall, secret: string): void => {
    if (call === where) throw error(secret);
  };

const change: NonNullable<Pretence['change']> = (result, { code }, secret) =>
  code.includes('return False') ? ({ ...result, value: { key: secret } } as ExecutionResult) : result;

describe('a secret of the configuration', () => {
  test.each<[string, Pretence]>([
    ['the error of the factory', { before: leakIn('create', (secret) => new Error(`bad key ${secret}`)) }],
    [
      'the error of the health report',
      { before: leakIn('checkHealth', (secret) => new Error(`GET /?key=${encodeURIComponent(secret)} failed`)) },
    ],
    [
      'an error of our own kind',
      { before: leakIn('createSandbox', (secret) => new SandboxError('AUTHENTICATION_FAILED', `${secret} is wrong.`)) },
    ],
    [
      'its advice',
      {
        before: leakIn('createSandbox', (secret) => new SandboxError('AUTHENTICATION_FAILED', 'No.', { suggestion: `Replace ${secret}.` })),
      },
    ],
    ['the name of an error', { before: leakIn('execute', (secret) => Object.assign(new Error('no'), { name: secret })) }],
    ['the error of the closing', { before: leakIn('close', (secret) => new Error(secret)) }],
    [
      'a header in an error',
      {
        before: leakIn(
          'execute',
          (secret) => new Error(`Authorization: Basic ${Buffer.from(`us:${secret}`).toString('base64')} ${secret.slice(3, 20)}`),
        ),
      },
    ],
    ['hexadecimal digits', { before: leakIn('execute', (secret) => new Error(Buffer.from(secret).toString('hex'))) }],
    [
      'a finding of the health report',
      { checks: [{ name: 'key', status: 'failed', message: `The key ${SECRET} is refused.`, remedy: `Replace ${SECRET}.` }] },
    ],
    [
      'the name of the measurement',
      { change: (result) => ({ ...result, isolation: { kind: 'runc', measuredBy: `the service of ${SECRET}` } }) },
    ],
    ['what a program gives back to a case', { change }],
    [
      'the error of a program',
      {
        change: (result, _, secret) => ({ ...result, status: 'failed', error: { type: 'Error', message: secret, traceback: secret } }),
      },
    ],
    ['what a program prints', { change: (result, _, secret) => ({ ...result, stdout: `key: ${secret}`, stderr: secret }) }],
    ['the end of a long text', { before: leakIn('execute', (secret) => new Error(`${'x'.repeat(455)} ${secret}`)) }],
  ])('is shown nowhere when it is in %s', async (_, pretence) => {
    expectNoSecret(await textOf(pretence));
  });

  test('is not shown by a base64 that it is a part of', async () => {
    const text = await textOf({ before: leakIn('execute', (secret) => new Error(Buffer.from(`user:${secret}:end`).toString('base64'))) });
    expect(text).toContain('[redacted]');
    expect(pieces(Buffer.from(`user:${SECRET}:end`).toString('base64').slice(8, -8)).filter((piece) => text.includes(piece))).toEqual([]);
  });

  test('is not shown by the schema that refuses it', async () => {
    const text = await textOf({}, `refuse-${SECRET}`);
    expect(text).toContain('CONFIG_INVALID');
    expectNoSecret(text);
  });

  test('is looked for by the cases, which fail when it is found', async () => {
    const leaky = { kind: PRETENDED_ISOLATION.kind, measuredBy: SECRET };
    const text = await textOf({ change: (result) => ({ ...result, isolation: leaky }) });
    expect(text).toContain('1 of 5 cases failed: health/no-secrets.');
    expectNoSecret(text);
  });

  test('is not looked for by the cases when it is so short that any report may have it', async () => {
    expect(await textOf({}, 'port')).toContain('no secret was planted');
  });

  test('leaves everything else readable', async () => {
    const text = await textOf({ before: leakIn('execute', (secret) => new Error(`before ${secret} after`)) });
    expect(text).toContain('Error: before [redacted] after');
  });
});
