import { Badge, Group } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconPencil, IconX } from '@tabler/icons-react';
import type { ProviderCard } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayAge } from '../../format/moment.ts';

/** How a provider is: in use or not, tested or not, changed by a draft or not. Each says it in words, too. */
export function ProviderBadges({ card }: { readonly card: ProviderCard }): ReactNode {
  const { t } = useTranslation();
  return (
    <Group gap={6}>
      {card.isActive ? <StateBadge color="green" text={t('providers.states.active')} isStrong /> : null}
      {card.fallbackPlace === null ? null : (
        <StateBadge color="teal" text={t('providers.states.fallback', { place: card.fallbackPlace })} />
      )}
      {card.isActive || card.fallbackPlace !== null ? null : (
        <StateBadge color="gray" text={card.isConfigured ? t('providers.states.configured') : t('providers.states.unconfigured')} />
      )}
      {card.problem === null ? null : (
        <StateBadge color="red" text={t('providers.states.problem')} icon={<IconX size={12} aria-hidden />} />
      )}
      {card.isCarried ? null : <StateBadge color="gray" text={t('providers.states.notCarried')} />}
      {card.draft === null ? null : (
        <StateBadge color="indigo" text={t('providers.states.draft', { number: card.draft })} icon={<IconPencil size={12} aria-hidden />} />
      )}
      {card.isConfigured ? <PassportBadge passport={card.passport} /> : null}
    </Group>
  );
}

/** Whether a configuration was tested, and when. */
export function PassportBadge({
  passport,
}: {
  readonly passport: Pick<NonNullable<ProviderCard['passport']>, 'passed' | 'madeAtMs'> | null;
}): ReactNode {
  const { t } = useTranslation();
  if (passport === null)
    return <StateBadge color="gray" text={t('providers.passport.none')} icon={<IconCircleDashed size={12} aria-hidden />} />;
  const age = sayAge(passport.madeAtMs);
  return passport.passed ? (
    <StateBadge color="green" text={t('providers.passport.passed', { age })} icon={<IconCheck size={12} aria-hidden />} />
  ) : (
    <StateBadge color="red" text={t('providers.passport.failed', { age })} icon={<IconX size={12} aria-hidden />} />
  );
}

/** A state in a word or two. */
export function StateBadge({
  color,
  text,
  icon,
  isStrong = false,
}: {
  readonly color: string;
  readonly text: string;
  readonly icon?: ReactNode;
  readonly isStrong?: boolean;
}): ReactNode {
  return (
    <Badge
      variant={isStrong ? 'outline' : 'light'}
      color={color}
      tt="none"
      fw={500}
      leftSection={icon}
      {...(isStrong ? { c: `var(--mantine-color-${color}-light-color)` } : {})}
    >
      {text}
    </Badge>
  );
}
