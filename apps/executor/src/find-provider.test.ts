import { providers } from '@sandport/providers';
import { describe, expect, test } from 'vitest';
import { findProvider } from './find-provider.ts';

describe('the providers of an executor', () => {
  test.each(providers.filter(({ id }) => id !== 'self_managed'))('has $id', (definition) => {
    expect(findProvider(definition.id)).toBe(definition);
  });

  test.each([
    ['self_managed', 'calls an executor itself'],
    ['none', 'none of this executor'],
    ['toString', 'none of this executor'],
  ])('refuses %s with the reason', (id, reason) => {
    expect(() => findProvider(id)).toThrow(reason);
    expect(() => findProvider(id)).toThrow(
      expect.objectContaining({ code: 'PROVIDER_UNKNOWN', suggestion: expect.not.stringContaining('self_managed') as string }),
    );
  });
});
