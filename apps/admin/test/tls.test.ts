import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { ROUTES } from '@sandport/admin-api';
import { expect, test } from 'vitest';
import { AdminUnderTest, PASSWORD } from './admin-under-test.ts';

const certificate = (name: string): string => fileURLToPath(new URL(`../../executor/test/certificates/${name}.pem`, import.meta.url));

test('with a certificate it speaks TLS, and its cookie is of this very host', async () => {
  await using served = await AdminUnderTest.start({
    config: { tls: { certFile: certificate('server-cert'), keyFile: certificate('server-key') } },
  });
  const { port, protocol } = new URL(served.admin.address);
  expect(protocol).toBe('https:');
  const body = JSON.stringify({ secret: await served.firstSecret(), name: 'root', password: PASSWORD });
  const { cookies, transport } = await new Promise<{ cookies: readonly string[]; transport: string | undefined }>((resolve, reject) => {
    request(
      {
        host: 'localhost',
        port,
        path: ROUTES.createFirstAccount.path,
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: `https://localhost:${port}`, 'sec-fetch-site': 'same-origin' },
        ca: readFileSync(certificate('ca')),
        agent: false,
      },
      (answer) => {
        answer.resume();
        resolve({ cookies: answer.headers['set-cookie'] ?? [], transport: answer.headers['strict-transport-security'] });
      },
    )
      .on('error', reject)
      .end(body);
  });
  expect(cookies).toEqual([
    expect.stringMatching(/^__Host-sandport-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
  ]);
  expect(transport).toBe('max-age=31536000');
});
