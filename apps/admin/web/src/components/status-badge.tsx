import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconCheck, IconClockExclamation, IconDatabaseX, IconHandStop, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProgramStatus } from '../format/program-status.ts';

const LOOKS = {
  completed: { color: 'green', Icon: IconCheck },
  failed: { color: 'red', Icon: IconX },
  'timed-out': { color: 'orange', Icon: IconClockExclamation },
  'out-of-memory': { color: 'grape', Icon: IconDatabaseX },
  'output-limit-exceeded': { color: 'yellow', Icon: IconAlertTriangle },
  cancelled: { color: 'gray', Icon: IconHandStop },
  killed: { color: 'red', Icon: IconBan },
} as const satisfies Readonly<Record<ProgramStatus, object>>;

/** What became of a program, by word, sign and colour. */
export function StatusBadge({ status }: { readonly status: ProgramStatus }): ReactNode {
  const { t } = useTranslation();
  const { color, Icon } = LOOKS[status];
  return (
    <Badge
      variant="default"
      size="lg"
      leftSection={<Icon size={16} color={`var(--mantine-color-${color}-filled)`} aria-hidden />}
      tt="none"
      miw="max-content"
    >
      {t(`statuses.${status}.name`)}
    </Badge>
  );
}
