import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconShieldOff } from '@tabler/icons-react';
import type { Installation } from '@sandport/admin-api';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayAge } from '../../format/moment.ts';
import { providerName } from '../../i18n/provider-words.ts';
import { useMay } from '../../session/use-session.ts';

const FallbackDialog = lazy(async () => ({ default: (await import('./acts/fallback-dialog.tsx')).FallbackDialog }));

/** What is in use, since when and why, and what is wrong with it. */
export function InstallationSummary({ installation }: { readonly installation: Installation }): ReactNode {
  const { t } = useTranslation();
  const { version, activeSince, override, problems, changedElsewhere } = installation;
  return (
    <Stack gap="sm" mb="lg">
      {version === null ? (
        <Alert icon={<IconInfoCircle aria-hidden />} title={t('providers.nothingInUse')}>
          {t('providers.nothingInUseHelp')}
        </Alert>
      ) : activeSince === null ? null : (
        <Text size="sm" c="dimmed" className="wrapped-text">
          {t('providers.inUse', {
            number: version,
            age: sayAge(activeSince.activatedAtMs),
            author: activeSince.author,
            reason: activeSince.reason,
          })}
        </Text>
      )}
      {override === null ? null : (
        <Alert color="orange" icon={<IconShieldOff aria-hidden />}>
          {t('providers.policyAside', { author: override.author, age: sayAge(override.atMs), reason: override.reason })}
        </Alert>
      )}
      {problems.map(({ row, message }) => (
        <Alert key={row} color="red" icon={<IconAlertTriangle aria-hidden />} title={t('providers.rowProblem', { row })}>
          {message}
        </Alert>
      ))}
      {changedElsewhere.length === 0 ? null : (
        <Alert color="yellow" icon={<IconInfoCircle aria-hidden />}>
          {t('providers.changedElsewhere', { rows: changedElsewhere.join(', ') })}
        </Alert>
      )}
      {installation.providerType === null ? null : <FallbackSummary installation={installation} active={installation.providerType} />}
    </Stack>
  );
}

function FallbackSummary({ installation, active }: { readonly installation: Installation; readonly active: string }): ReactNode {
  const { t } = useTranslation();
  const mayChange = useMay('operator');
  const [isChanging, setIsChanging] = useState(false);
  const nameOf = (id: string): string => {
    const card = installation.providers.find((provider) => provider.id === id);
    return card === undefined ? id : providerName(card);
  };
  const order = installation.fallback.map((id) => nameOf(id)).join(' → ');
  return (
    <Group gap="sm">
      <Text size="sm" className="wrapped-text">
        {order === ''
          ? t('providers.fallbackNone', { active: nameOf(active) })
          : t('providers.fallbackOrder', { active: nameOf(active), order })}
      </Text>
      {mayChange ? (
        <Button size="compact-sm" variant="default" onClick={() => setIsChanging(true)}>
          {t('providers.editFallback')}
        </Button>
      ) : null}
      {isChanging ? (
        <Suspense fallback={null}>
          <FallbackDialog installation={installation} onClose={() => setIsChanging(false)} />
        </Suspense>
      ) : null}
    </Group>
  );
}
