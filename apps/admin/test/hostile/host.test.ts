import { request } from 'node:http';
import { expect, test } from 'vitest';
import { AdminUnderTest } from '../admin-under-test.ts';

async function statusFor(served: AdminUnderTest, host: string): Promise<number | undefined> {
  const { port } = new URL(served.admin.address);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/api/v1/admin/session', headers: { host }, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('a server of this machine answers to the names of this machine alone', async () => {
  await using served = await AdminUnderTest.start({ config: { publicUrl: 'https://sandport.example:8443' } });
  const { port } = new URL(served.admin.address);
  for (const host of [
    'localhost',
    `localhost:${port}`,
    '127.0.0.1',
    `[::1]:${port}`,
    'LOCALHOST',
    'sandport.example',
    'sandport.example:8443',
  ])
    expect(await statusFor(served, host), host).toBe(200);
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    'evil.example#localhost',
    '127.0.0.1.nip.io',
    '2130706433',
  ])
    expect(await statusFor(served, host), host).toBe(403);
});
