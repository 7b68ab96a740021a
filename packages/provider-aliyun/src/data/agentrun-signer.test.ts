import { describe, expect, test } from 'vitest';
import { encodeRfc3986, signAgentRunRequest } from './agentrun-signer.ts';

const HOST = 'https://1431999136518149-ram.agentrun-data.cn-hangzhou.aliyuncs.com';
const KEY = { accessKeyId: 'LTAI5t5opp3xMWk2B3a4gZVq', accessKeySecret: 'secret' };
const SCOPE = { region: 'cn-hangzhou', now: new Date('2026-03-06T12:00:00.789Z') };

function signatureOf(method: string, path: string, contentType?: string): string | undefined {
  const headers = signAgentRunRequest({ method, url: new URL(HOST + path), contentType }, KEY, SCOPE);
  return /Signature=([0-9a-f]{64})$/.exec(headers['agentrun-authorization'] ?? '')?.[1];
}

describe('signAgentRunRequest', () => {
  // Published with the official Python SDK.
  test.each([
    ['GET', '/sandboxes/sbx-xxx/health', undefined, 'e1479ea1aec37e55f91d82b1ccc48df2feef04184a911f91a3e3fe0e27d02610'],
    ['GET', '/path?foo=bar&zoo=', undefined, '2de34f2c0ef3d6f0f6460f994ee3fea8c940241fcc2ff2f008a776f1be9b4dba'],
    ['POST', '/path?foo=bar&zoo=', undefined, 'a0d4e04405ddf83d93cf8b30c6064c1a68a298cf95ca6ff56be04f515b98ddbe'],
    ['POST', '/path?foo=bar&zoo=', 'application/json', 'fdcde808b0dc7526d8083e681ca9a64728e5c1e67e4c92735dfb2268ecc71fb2'],
  ])('reproduces the published signature of %s %s (content type %s)', (method, path, contentType, signature) => {
    expect(signatureOf(method, path, contentType)).toBe(signature);
  });

  test('names what it signed, and where the signature holds', () => {
    const headers = signAgentRunRequest({ method: 'GET', url: new URL(`${HOST}/health`) }, { ...KEY, securityToken: 'token' }, SCOPE);
    const authorization: unknown = expect.stringMatching(
      /^AGENTRUN4-HMAC-SHA256 Credential=LTAI5t5opp3xMWk2B3a4gZVq\/20260306\/cn-hangzhou\/agentrun\/aliyun_v4_request,SignedHeaders=host;x-acs-content-sha256;x-acs-date;x-acs-security-token,Signature=[0-9a-f]{64}$/,
    );
    expect(headers).toEqual({
      'x-acs-date': '2026-03-06T12:00:00Z',
      'x-acs-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-acs-security-token': 'token',
      'agentrun-authorization': authorization,
    });
  });

  test('signs the query in one order, whatever order it is sent in, and every part of the request', () => {
    expect(signatureOf('GET', '/path?zoo=&foo=bar')).toBe(signatureOf('GET', '/path?foo=bar&zoo='));
    const variants = ['/path?foo=bar&zoo=', '/path?foo=bar&zoo=x', '/path/?foo=bar&zoo=', '/p%61th?foo=bar&zoo='];
    expect(new Set(variants.map((path) => signatureOf('GET', path))).size).toBe(variants.length);
  });

  test('never shows the secret', () => {
    expect(
      JSON.stringify(signAgentRunRequest({ method: 'GET', url: new URL(HOST) }, { ...KEY, accessKeySecret: 'hidden' }, SCOPE)),
    ).not.toContain('hidden');
  });
});

test('encodeRfc3986 leaves unreserved characters only', () => {
  expect(encodeRfc3986("aZ0-._~ !'()*/+%漢")).toBe('aZ0-._~%20%21%27%28%29%2A%2F%2B%25%E6%BC%A2');
});
