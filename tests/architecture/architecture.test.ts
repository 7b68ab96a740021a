import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { allRules } from './rules/all-rules.ts';
import { readWorkspace } from './workspace-model.ts';

const workspace = readWorkspace(fileURLToPath(new URL('../..', import.meta.url)));

test('there is a house to look at', () => {
  expect(workspace.packages.map(({ folder }) => folder)).toEqual(expect.arrayContaining(['core', 'provider-kit', 'client', 'cli']));
  expect(workspace.packages.flatMap(({ modules }) => modules).length).toBeGreaterThan(50);
});

test.each(Object.values(allRules).map((rule) => [rule.title, rule] as const))('%s', (_title, rule) => {
  expect(rule.findViolations(workspace)).toEqual([]);
});
