import { describe, expect, test } from 'vitest';
import { agentrun4Signature } from './agentrun4-signature.ts';

// The vectors that the vendor publishes with its Python SDK.
const scope = { date: '20260306', region: 'cn-hangzhou', product: 'agentrun', terminator: 'aliyun_v4_request' };
const headers = new Map([
  ['host', '1431999136518149-ram.agentrun-data.cn-hangzhou.aliyuncs.com'],
  ['x-acs-date', '2026-03-06T12:00:00Z'],
  ['x-acs-content-sha256', 'UNSIGNED-PAYLOAD'],
  ['content-type', 'application/json'],
]);
const names = ['host', 'x-acs-content-sha256', 'x-acs-date'];

describe('agentrun4Signature', () => {
  test.each([
    ['GET', '/sandboxes/sbx-xxx/health', '', names, 'e1479ea1aec37e55f91d82b1ccc48df2feef04184a911f91a3e3fe0e27d02610'],
    ['GET', '/path', 'foo=bar&zoo=', names, '2de34f2c0ef3d6f0f6460f994ee3fea8c940241fcc2ff2f008a776f1be9b4dba'],
    ['POST', '/path', 'foo=bar&zoo=', names, 'a0d4e04405ddf83d93cf8b30c6064c1a68a298cf95ca6ff56be04f515b98ddbe'],
    ['POST', '/path', 'foo=bar&zoo=', ['content-type', ...names], 'fdcde808b0dc7526d8083e681ca9a64728e5c1e67e4c92735dfb2268ecc71fb2'],
  ])('signs %s %s?%s with %s as the vendor does', (method, path, queryText, signedNames, expected) => {
    const request = { method, path, queryText, headers, signedNames, contentHash: 'UNSIGNED-PAYLOAD' };
    expect(agentrun4Signature(request, scope, 'secret')).toBe(expected);
  });
});
