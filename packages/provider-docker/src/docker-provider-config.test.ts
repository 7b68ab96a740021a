import { createProvider, describeConfig } from '@sandport/core';
import { describe, expect, it } from 'vitest';
import { dockerProvider } from './docker-provider-definition.ts';

describe('the configuration', () => {
  it('asks for gVisor unless the operator says otherwise', () => {
    expect(dockerProvider.configSchema.parse({})).toMatchObject({ isolation: 'gvisor', profile: 'minimal' });
  });

  it.each([
    [{ runtim: 'runsc' }, 'runtim'],
    [{ isolation: 'none' }, 'isolation'],
    [{ memoryBytes: 1 }, 'memoryBytes'],
    [{ dockerHost: 'somewhere' }, 'dockerHost'],
    [{ warmContainers: 1.5 }, 'warmContainers'],
    [{ maxContainers: '8' }, 'maxContainers'],
  ])('refuses %o by the name of the field', (config, field) => {
    expect(() => createProvider(dockerProvider, config)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { field, providerId: 'docker' } }),
    );
  });

  it('describes every field for a form', () => {
    const fields = describeConfig(dockerProvider.configSchema);
    expect(fields.map((field) => field.name)).toEqual(Object.keys(dockerProvider.configSchema.shape));
    expect(fields.every((field) => field.label !== '' && field.help !== '')).toBe(true);
  });
});
