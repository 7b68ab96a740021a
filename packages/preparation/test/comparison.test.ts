import { SandboxError, type ExecutionResult } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { compareProviders, COMPARISON_CORPUS, DIFFERENCE_KINDS, type ComparedProgram, type ComparisonOptions } from '../src/index.ts';
import { Journal, pretendingDefinition, type Pretence } from './pretending-provider.ts';

const SECRET = 'sk-"live"-7f3c\\9d1e\n5a2b/c4+8?e6';
const PROGRAMS = ['values/nothing[python]', 'output/large[python]'];

interface Sides {
  readonly left?: Pretence;
  readonly right?: Pretence;
  readonly config?: { readonly apiKey: string };
}

function optionsFor({ left = {}, right = {}, config }: Sides, options: Partial<ComparisonOptions> = {}) {
  const journals = [new Journal(), new Journal()] as const;
  const compared: ComparedProgram[] = [];
  const given: ComparisonOptions = {
    left: { definition: pretendingDefinition(journals[0], left), config: config ?? {} },
    right: { definition: pretendingDefinition(journals[1], right), config: {} },
    programs: PROGRAMS,
    onCompared: (one) => compared.push(one),
    now: () => 0,
    ...options,
  };
  return { given, journals, compared, open: () => journals.map((one) => [one.open, one.sandboxes]) };
}

async function compare(sides: Sides, options: Partial<ComparisonOptions> = {}) {
  const { given, compared, journals, open } = optionsFor(sides, options);
  const summary = await compareProviders(given);
  expect(open()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  return { summary, compared, journals };
}

async function errorOf(sides: Sides, options: Partial<ComparisonOptions> = {}): Promise<SandboxError> {
  const { given, open } = optionsFor(sides, options);
  const [outcome] = await Promise.allSettled([compareProviders(given)]);
  expect(open().map(([providers]) => providers)).toEqual([0, 0]);
  if (outcome.status === 'fulfilled' || !SandboxError.isInstance(outcome.reason))
    throw new Error('It did not throw an error of ours.', { cause: outcome });
  return outcome.reason;
}

const changed =
  (change: (secret: string) => object): NonNullable<Pretence['change']> =>
  (result, _, secret) => ({ ...result, ...change(secret) });

describe('two providers', () => {
  test('that do the same do not differ, and each program has a fresh sandbox on both sides', async () => {
    const { summary, compared, journals } = await compare({});
    expect(summary).toEqual({ programs: 2, differing: 0 });
    expect(compared.map(({ program, differences }) => [program.id, differences])).toEqual(PROGRAMS.map((id) => [id, []]));
    for (const { calls } of journals)
      expect(calls).toEqual(['create', ...PROGRAMS.flatMap(() => ['createSandbox', 'execute', 'destroy']), 'close']);
  });

  test('run a program at the same time', async () => {
    let release: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Each waits for the other: one after the other, they would wait for ever.
    const left: Pretence = { before: (call) => (call === 'execute' ? arrived : undefined) };
    const right: Pretence = { before: (call) => (call === 'execute' ? release?.() : undefined) };
    expect((await compare({ left, right })).summary.differing).toBe(0);
  });

  test('are compared by every program of the corpus unless some are chosen', async () => {
    const { summary, compared } = await compare({}, { programs: undefined });
    expect(summary.programs).toBe(COMPARISON_CORPUS.length);
    expect(compared.map(({ program }) => program)).toEqual(COMPARISON_CORPUS);
  });

  test('differ in text behind the cut', async () => {
    const long = 'x'.repeat(50_000);
    const { compared } = await compare({
      left: { change: changed(() => ({ stdout: `${long}a` })) },
      right: { change: changed(() => ({ stdout: `${long}b` })) },
    });
    expect(compared[0]?.differences.map(({ kind }) => kind)).toEqual(['output']);
    expect(compared[0]?.left.stdout.length).toBeLessThan(17_000);
    expect(compared[0]?.left.stdout).toContain('[cut: 50001 characters, SHA-256 ');
  });

  test('differ in time as the clock has it', async () => {
    let ticks = 0;
    const { compared } = await compare({}, { programs: ['values/nothing[python]'], now: () => [0, 0, 5000, 100][ticks++] ?? 0 });
    expect(compared[0]?.differences.map(({ kind }) => kind)).toEqual(['time']);
  });

  test('are told the files that a program left, by digest', async () => {
    const file = { path: 'a.txt', mediaType: 'text/plain', sizeBytes: 3, content: new TextEncoder().encode('abc') };
    const change = changed(() => ({ artifacts: { files: [file], omitted: [], complete: true } }));
    const { compared } = await compare({ left: { change } });
    expect(compared[0]).toMatchObject({
      left: { files: [{ path: 'a.txt', sizeBytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }] },
      differences: [{ kind: 'files' }],
    });
  });
});

describe('a side that fails', () => {
  const refuse: Pretence['before'] = (call) => {
    if (call === 'createSandbox') throw new SandboxError('CAPABILITY_UNSUPPORTED', 'No stdin here.');
  };

  test('is told as a refusal, and the other side is run all the same', async () => {
    const { compared } = await compare({ right: { before: refuse } });
    expect(compared[0]).toMatchObject({
      left: { status: 'completed', refusal: null },
      right: { status: null, refusal: { code: 'CAPABILITY_UNSUPPORTED', message: 'No stdin here.' } },
      differences: [{ kind: 'status' }],
    });
  });

  test.each(['createSandbox', 'execute', 'destroy'] as const)('with what is no error of ours in %s is told as INTERNAL', async (where) => {
    const before: Pretence['before'] = (call) => {
      if (call === where) throw new TypeError('x is not a function');
    };
    const { given, compared } = optionsFor({ left: { before } });
    await compareProviders(given);
    expect(compared[0]?.left.refusal).toEqual({ code: 'INTERNAL', message: 'TypeError: x is not a function' });
    expect(compared[0]?.left.status).toBe(where === 'destroy' ? 'completed' : null);
  });

  test('with a result that is none is told as INTERNAL', async () => {
    const { compared } = await compare({ left: { change: () => ({ status: 'completed' }) as ExecutionResult } });
    expect(compared[0]?.left).toMatchObject({ status: null, refusal: { code: 'INTERNAL' } });
  });

  test('with its configuration ends the comparison, and says which side it was', async () => {
    const wrong = { definition: pretendingDefinition(new Journal()), config: { label: 5 } };
    const error = await errorOf({}, { right: wrong });
    expect([error.code, error.details]).toEqual(['CONFIG_INVALID', { side: 'right' }]);
    expect(error.message).toContain('The right side: label: ');
  });

  test('in its factory leaves no provider of the other side', async () => {
    const before: Pretence['before'] = (call) => {
      if (call === 'create') throw new Error('no key');
    };
    const error = await errorOf({ right: { before } });
    expect([error.code, error.message]).toEqual(['INTERNAL', 'The right side: no key']);
  });
});

describe('a secret of either side', () => {
  test.each<[string, Pretence]>([
    ['the value', { change: changed((secret) => ({ value: secret, valueJson: JSON.stringify(secret) })) }],
    ['the output', { change: changed((secret) => ({ stdout: `a ${secret}`, stderr: secret })) }],
    ['the end of long output', { change: changed((secret) => ({ stdout: `${'x'.repeat(16_370)}${secret}${'y'.repeat(2000)}` })) }],
    [
      'the error of the program',
      { change: changed((secret) => ({ status: 'failed', error: { type: 'E', message: secret, traceback: '' } })) },
    ],
    [
      'the name of a file',
      {
        change: changed((secret) => ({ artifacts: { files: [{ path: secret, sizeBytes: 0, content: new Uint8Array(), mediaType: '' }] } })),
      },
    ],
    [
      'a refusal',
      {
        before: (call, secret) => {
          if (call === 'execute') throw new SandboxError('AUTHENTICATION_FAILED', `${secret} is wrong.`);
        },
      },
    ],
  ])('is not told by %s', async (_, left) => {
    const { compared } = await compare({ left, config: { apiKey: SECRET } });
    const text = JSON.stringify(compared);
    expect(text).toContain('[redacted]');
    for (const form of [SECRET, JSON.stringify(SECRET).slice(1, -1)])
      for (let at = 0; at + 8 <= form.length; at += 1) expect(text).not.toContain(JSON.stringify(form.slice(at, at + 8)).slice(1, -1));
  });

  test('is not told by what the factory throws, nor by the other side', async () => {
    const before: Pretence['before'] = (call) => {
      if (call === 'create') throw new SandboxError('CONFIG_INVALID', `bad ${SECRET}`, { suggestion: `Replace ${SECRET}.` });
    };
    const error = await errorOf({ right: { before }, config: { apiKey: SECRET } });
    expect([error.message, error.suggestion]).toEqual(['The right side: bad [redacted]', 'Replace [redacted].']);
    expect(error.cause).toBeUndefined();
  });
});

describe('a comparison that is ended early', () => {
  const hanging: Pretence = { before: (call) => (call === 'execute' ? new Promise(() => undefined) : undefined) };

  test('by its caller before it began makes nothing', async () => {
    const { given, journals } = optionsFor({}, { signal: AbortSignal.abort() });
    await expect(compareProviders(given)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(journals.flatMap(({ calls }) => calls)).toEqual([]);
  });

  test('by its caller throws CANCELLED, and both providers are closed', async () => {
    const controller = new AbortController();
    const right: Pretence = {
      before: (call) => {
        if (call === 'execute') controller.abort(new Error('enough'));
      },
    };
    const error = await errorOf({ left: hanging, right }, { signal: controller.signal });
    expect([error.code, error.cause]).toEqual(['CANCELLED', controller.signal.reason]);
  });

  test('by its deadline throws DEADLINE_EXCEEDED', async () => {
    expect((await errorOf({ left: hanging }, { deadlineMs: 50 })).code).toBe('DEADLINE_EXCEEDED');
  });

  test('by its listener throws what that threw, and runs nothing more', async () => {
    const failure = new Error('the page is gone');
    const { given, open, journals } = optionsFor(
      {},
      {
        onCompared: () => {
          throw failure;
        },
      },
    );
    await expect(compareProviders(given)).rejects.toBe(failure);
    expect(open()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(journals[0].calls.filter((call) => call === 'execute')).toHaveLength(1);
  });
});

test.each<[string, object]>([
  ['left.definition', { left: { definition: {}, config: {} } }],
  ['right.definition', { right: undefined }],
  ['programs', { programs: [] }],
  ['programs.1', { programs: ['values/nothing[python]', 'values/'] }],
  ['signal', { signal: 'now' }],
  ['onCompared', { onCompared: 5 }],
  ['deadlineMs', { deadlineMs: 0 }],
  ['now', { now: 5 }],
])('a wrong option is refused: %s', async (field, options) => {
  const error = await errorOf({}, options);
  expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { field }]);
});

test('the corpus names each program once, and its programs fit the door', () => {
  expect(new Set(COMPARISON_CORPUS.map(({ id }) => id)).size).toBe(COMPARISON_CORPUS.length);
  expect(COMPARISON_CORPUS.length).toBeGreaterThanOrEqual(30);
  for (const { id, language } of COMPARISON_CORPUS) expect(id).toMatch(new RegExp(`^[a-z]+/[a-z-]+\\[${language}\\]$`));
  expect(DIFFERENCE_KINDS).toEqual(['status', 'value', 'output', 'files', 'time']);
});
