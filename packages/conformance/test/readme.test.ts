import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONFORMANCE_AREAS, CONFORMANCE_CASES } from '../src/index.ts';

it('tells the number of cases of every area', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const told = [...readme.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, area, count]) => [area, Number(count)]);
  expect(told).toEqual(CONFORMANCE_AREAS.map((area) => [area, CONFORMANCE_CASES.filter((one) => one.area === area).length]));
});
