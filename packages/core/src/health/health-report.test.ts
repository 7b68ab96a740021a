import { expect, test } from 'vitest';
import { healthStatusOf, type HealthCheck } from './health-report.ts';

const check = (status: HealthCheck['status']): HealthCheck => ({ name: 'engine', status, message: 'Found.' });

test.each([
  [[], 'healthy'],
  [['ok', 'ok'], 'healthy'],
  [['ok', 'warning'], 'degraded'],
  [['warning', 'failed', 'ok'], 'unhealthy'],
] as const)('%j is %s', (statuses, expected) => {
  expect(healthStatusOf(statuses.map(check))).toBe(expected);
});
