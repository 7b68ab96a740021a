import { describe, expect, it } from 'vitest';
import { runJob } from './run-program.ts';

const jobOf = (job: object) => {
  const body = Buffer.from(JSON.stringify(job));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

const returning = { python: 'def main(**a): return a', 'forked-python': 'def main(**a): return a', javascript: 'exports.main = (a) => a' };

describe.each(['python', 'forked-python', 'javascript'] as const)('the channels of %s', (runner) => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a length', Buffer.from([0, 0])],
    ['half a job', jobOf({ code: returning[runner], arguments: {}, environment: {}, valueBytes: 10 }).subarray(0, 30)],
  ])('end quietly when %s comes', async (_title, job) => {
    expect(await runJob(runner, job)).toEqual({
      report: { state: 'empty' },
      reportBytes: Buffer.alloc(0),
      exitCode: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
  });

  it('carry exactly one job and one report', async () => {
    const job = jobOf({ code: returning[runner], arguments: { a: 1 }, environment: {}, valueBytes: 100 });
    const run = await runJob(runner, Buffer.concat([job, Buffer.from('more')]));
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.reportBytes.toString('latin1')).toBe('V\0\0\0\x07{"a":1}');
  });

  it('carry a job of several megabytes', async () => {
    const text = 'x'.repeat(4_000_000);
    const run = await runJob(runner, jobOf({ code: returning[runner], arguments: { text }, environment: {}, valueBytes: 5_000_000 }));
    expect(run.report).toMatchObject({ state: 'value', value: { text } });
  });
});
