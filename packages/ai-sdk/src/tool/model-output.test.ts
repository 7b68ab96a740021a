import { expect, test } from 'vitest';
import { modelOutput } from './model-output.ts';

const images = { count: 3, bytes: 1000 };

test.each([
  ['nothing', undefined],
  ['a text', 'completed'],
  ['no answer', { result: null }],
  ['an answer without a status', { model: { value: '1' }, result: null }],
  ['an answer that is no JSON', { model: { status: 'completed', value: () => 1 }, result: null }],
  ['artifacts that are none', { model: { status: 'completed' }, result: { artifacts: 1 } }],
])('an outcome that came back as %s is told as lost, and nothing is thrown', (_what, outcome) => {
  expect(modelOutput(outcome, images)).toMatchObject({ type: 'error-text' });
});

test('an outcome that has lost the bytes of its artifacts still has its answer', () => {
  const outcome = { model: { status: 'completed', value: '1' }, result: { artifacts: { files: [{ content: { 0: 137 } }] } } };
  expect(modelOutput(outcome, images)).toEqual({ type: 'json', value: { status: 'completed', value: '1' } });
});
