// @ts-check
import { describe, expect, test } from 'vitest';
import { describeRun, isExpected } from './describe-run.mjs';
import { demoPrograms, expectedValue } from './programs.mjs';

const facts = {
  stdout: '',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  exitCode: 0,
  signal: null,
  artifacts: { files: [], omitted: [], complete: true },
  clock: { queueMs: 0, claimMs: 1.25, startMs: 2, runMs: 3, collectMs: 4, totalMs: 10.26 },
  evidence: [],
  isolation: { kind: /** @type {const} */ ('gvisor'), measuredBy: 'guest-kernel-log' },
  providerId: 'docker',
  language: /** @type {const} */ ('python'),
};
const completed = {
  ...facts,
  status: /** @type {const} */ ('completed'),
  error: null,
  value: expectedValue,
  valueJson: JSON.stringify(expectedValue),
};
const failed = {
  ...facts,
  status: /** @type {const} */ ('failed'),
  error: { type: 'NameError', message: 'no such name', traceback: '' },
  stderr: 'NameError: no such name\n',
};

describe('describeRun', () => {
  test('says where it ran, what it gave and how long each phase took', () => {
    expect(describeRun('Python', completed)).toEqual([
      'Python',
      '  provider  docker',
      '  isolation gvisor (measured by guest-kernel-log)',
      '  status    completed',
      '  value     {"message":"Hello World!Hello World!Hello World!"}',
      '  clock     queue 0.0 ms, claim 1.3 ms, start 2.0 ms, run 3.0 ms, collect 4.0 ms, total 10.3 ms',
    ]);
  });

  test('shows the error of a program that failed', () => {
    expect(describeRun('Python', failed).slice(3, 5)).toEqual([
      '  status    failed: NameError: no such name',
      '  stderr    NameError: no such name',
    ]);
  });
});

describe('isExpected', () => {
  test('accepts only a completed run with exactly the value', () => {
    expect(isExpected(completed, expectedValue)).toBe(true);
    expect(isExpected({ ...completed, value: { message: 'Hello' } }, expectedValue)).toBe(false);
    expect(isExpected(failed, expectedValue)).toBe(false);
  });

  test('expects what the program really gives', async () => {
    const source = demoPrograms[1].request.code;
    /** @type {{ main: (input: unknown) => unknown }} */
    const program = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    expect(program.main(demoPrograms[1].request.arguments)).toEqual(expectedValue);
  });
});
