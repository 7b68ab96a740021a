import type { Difference } from '@sandport/admin-api';
import { describe, expect, test } from 'vitest';
import { changeBeside, changeOnto, changesSecrets, EMPTY_CONTENT, type VersionContent } from './draft-change.ts';

function provider(config: VersionContent['providers'][string]['config'], secrets: VersionContent['providers'][string]['secrets'] = {}) {
  return { config, secrets, problem: null };
}

const parent: VersionContent = {
  providerType: 'docker',
  fallback: [],
  policy: null,
  providers: { docker: provider({ cpus: 1, host: 'a' }), e2b: provider({ region: 'x' }, { apiKey: 'sealed' }) },
};

describe('a draft on new ground', () => {
  test('changes only what it changed', () => {
    const draft: VersionContent = {
      ...parent,
      fallback: ['wasm'],
      providers: { ...parent.providers, docker: provider({ cpus: 2, host: 'a' }) },
    };
    const onto: VersionContent = { ...parent, providers: { ...parent.providers, docker: provider({ cpus: 1, host: 'b' }) } };
    expect(changeOnto(draft, parent, onto)).toEqual({
      fallback: ['wasm'],
      providers: { docker: { config: { cpus: 2, host: 'b' }, keep: [] } },
    });
  });

  test('takes a provider out that it took out, unless it is gone already', () => {
    const { e2b: _e2b, ...rest } = parent.providers;
    const draft: VersionContent = { ...parent, providers: rest };
    expect(changeOnto(draft, parent, parent)).toEqual({ providers: { e2b: null } });
    expect(changeOnto(draft, parent, draft)).toEqual({});
  });

  test('has a secret that became another, which no view shows', () => {
    const differences: Difference[] = [{ row: 'sandbox.e2b', field: 'apiKey', kind: 'changed', secret: true }];
    expect(changeOnto(parent, parent, parent, differences)).toEqual({ providers: { e2b: { config: { region: 'x' }, keep: ['apiKey'] } } });
    expect(changesSecrets(differences)).toBe(true);
  });

  test('begins from nothing where nothing was in use', () => {
    expect(changeOnto(parent, EMPTY_CONTENT, EMPTY_CONTENT)).toMatchObject({ providerType: 'docker', providers: { docker: {}, e2b: {} } });
  });
});

test('what a draft changed beside a provider leaves that provider out', () => {
  const draft: VersionContent = {
    ...parent,
    providerType: 'e2b',
    providers: { docker: provider({ cpus: 9 }), e2b: provider({ region: 'y' }, { apiKey: 'sealed' }) },
  };
  expect(changeBeside(draft, parent, 'docker', [])).toEqual({
    providerType: 'e2b',
    providers: { e2b: { config: { region: 'y' }, keep: ['apiKey'] } },
  });
});
