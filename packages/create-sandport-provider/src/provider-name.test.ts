import { describe, expect, test } from 'vitest';
import { parseProviderName } from './provider-name.ts';

describe('the name of a provider', () => {
  test('is given in every form', () => {
    expect(parseProviderName('my-cloud2')).toEqual({
      kebab: 'my-cloud2',
      id: 'my_cloud2',
      camel: 'myCloud2',
      pascal: 'MyCloud2',
      constant: 'MY_CLOUD2',
      display: 'My Cloud2',
    });
  });

  test.each([
    ['', 'identifiers'],
    ['My-Cloud', 'identifiers'],
    ['my_cloud', 'identifiers'],
    ['my--cloud', 'identifiers'],
    ['-my', 'identifiers'],
    ['my-', 'identifiers'],
    ['1cloud', 'identifiers'],
    ['my-1', 'identifiers'],
    ['../up', 'identifiers'],
    ['a/b', 'identifiers'],
    ['my cloud', 'identifiers'],
    ['wölke', 'identifiers'],
    ['my\n', 'identifiers'],
    ['@scope/my', 'identifiers'],
    ['x'.repeat(41), 'longer than 40'],
    ['provider-my', 'put before it anyway'],
    ['sandport-provider-my', 'put before it anyway'],
    ['kit', 'keeps for something else'],
    ['policy', 'keeps for something else'],
    ['fallback', 'keeps for something else'],
  ])('%j is refused with the reason', (name, reason) => {
    expect(() => parseProviderName(name)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', details: { field: 'name' } }));
    expect(() => parseProviderName(name)).toThrow(reason);
  });
});
