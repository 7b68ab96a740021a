import { Select, SimpleGrid } from '@mantine/core';
import type { Installation, VersionRecord } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../api/queries.ts';
import { ProblemAlert } from './problem-alert.tsx';

/** A provider as a version has it; `null` for the version in use. */
export interface ConfigurationChoice {
  readonly providerId: string;
  readonly version: number | null;
}

const IN_USE = 'in-use';

/** Chooses a provider and a version of its configuration. */
export function ConfigurationPicker({
  value,
  onChange,
  error,
}: {
  readonly value: ConfigurationChoice | null;
  readonly onChange: (value: ConfigurationChoice) => void;
  readonly error?: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const installation = useApiQuery('readInstallation', {});
  const versions = useApiQuery('listVersions', { query: { limit: 100 } });
  if (installation.isError) return <ProblemAlert error={installation.error} onRetry={() => void installation.refetch()} />;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <Select
        label={t('choices.provider')}
        data={installation.data === undefined ? [] : providerOptions(installation.data, value, t('choices.notConfigured'))}
        value={value?.providerId ?? null}
        onChange={(providerId) => (providerId === null ? undefined : onChange({ providerId, version: value?.version ?? null }))}
        placeholder={t('choices.choose')}
        allowDeselect={false}
        error={error}
      />
      <Select
        label={t('choices.configuration')}
        data={[
          { value: IN_USE, label: inUseLabel(installation.data, t('choices.inUse')) },
          ...versionOptions(versions.data?.versions ?? [], value?.version ?? null, {
            numbered: (number) => t('words.version', { number }),
            draft: t('choices.draft'),
          }),
        ]}
        value={value?.version === null || value === null ? IN_USE : String(value.version)}
        onChange={(version) => (value === null ? undefined : onChange({ ...value, version: version === IN_USE ? null : Number(version) }))}
        disabled={value === null}
        allowDeselect={false}
        searchable
      />
    </SimpleGrid>
  );
}

/** The provider in use, or the first that is configured. */
export function usualChoice({ providerType, providers }: Installation): ConfigurationChoice | null {
  const configured = providers.find(({ isConfigured, isCarried }) => isConfigured && isCarried);
  const providerId = providerType ?? configured?.id;
  return providerId === undefined ? null : { providerId, version: null };
}

function providerOptions({ providers }: Installation, value: ConfigurationChoice | null, notConfigured: string) {
  const options = providers
    .filter(({ isCarried }) => isCarried)
    .map(({ id, displayName, isConfigured, draft }) => ({
      value: id,
      label: isConfigured || draft !== null ? displayName : `${displayName} (${notConfigured})`,
    }));
  const isKnown = value === null || options.some((option) => option.value === value.providerId);
  return isKnown ? options : [...options, { value: value.providerId, label: value.providerId }];
}

function inUseLabel(installation: Installation | undefined, inUse: string): string {
  return installation?.version === undefined || installation.version === null ? inUse : `${inUse} (${installation.version})`;
}

function versionOptions(
  versions: readonly VersionRecord[],
  chosen: number | null,
  words: { readonly numbered: (number: number) => string; readonly draft: string },
) {
  const shown = versions.filter(({ state, number }) => state !== 'discarded' || number === chosen);
  const options = shown.map(({ number, state, reason }) => ({
    value: String(number),
    label: `${words.numbered(number)}${state === 'draft' ? ` · ${words.draft}` : ''} · ${reason.slice(0, 60)}`,
  }));
  if (chosen === null || shown.some(({ number }) => number === chosen)) return options;
  return [...options, { value: String(chosen), label: words.numbered(chosen) }];
}
