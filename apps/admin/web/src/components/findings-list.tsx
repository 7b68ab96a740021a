import { Alert, List } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { Finding } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRowName } from './differences-table.tsx';

/** What is wrong with a version, or worth knowing. */
export function FindingsList({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useRowName();
  if (findings.length === 0) return null;
  const hasErrors = findings.some((finding) => finding.kind === 'error');
  const Icon = hasErrors ? IconAlertTriangle : IconInfoCircle;
  return (
    <Alert color={hasErrors ? 'red' : 'yellow'} icon={<Icon aria-hidden />} title={t('acts.findings')}>
      <List size="sm" spacing={4}>
        {findings.map((finding) => (
          <List.Item key={`${finding.row}/${finding.field ?? ''}/${finding.message}`} className="wrapped-text">
            {nameOf(finding.row)}
            {finding.field === null ? '' : ` · ${finding.field}`}: {finding.message}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
