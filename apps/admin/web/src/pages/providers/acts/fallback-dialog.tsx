import { ActionIcon, Button, Group, List, Select, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import type { Installation } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../../api/api.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { say } from '../../../components/say.ts';
import { providerName } from '../../../i18n/provider-words.ts';
import { ActivationDialog } from './activation-dialog.tsx';
import { ReasonField } from './reason-field.tsx';

/** Changes which providers step in, and in what order: as a draft, whose activation is offered at once. */
export function FallbackDialog({
  installation,
  onClose,
}: {
  readonly installation: Installation;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [order, setOrder] = useState<readonly string[]>(installation.fallback);
  const [reason, setReason] = useState(t('acts.fallbackReason'));
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [draft, setDraft] = useState<number>();
  const nameOf = (id: string): string => {
    const card = installation.providers.find((provider) => provider.id === id);
    return card === undefined ? id : providerName(card);
  };
  const others = installation.providers.filter(
    ({ id, isConfigured }) => isConfigured && id !== installation.providerType && !order.includes(id),
  );
  const isChanged = order.join('\n') !== installation.fallback.join('\n');

  const save = async (): Promise<void> => {
    setIsTried(true);
    if (reason.trim() === '') return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      const body = { change: { fallback: order.length === 0 ? null : [...order] }, reason: reason.trim(), base: installation.version };
      const { version } = await callApi('createDraft', { body });
      await queries.invalidateQueries();
      say.done(t('acts.saved', { number: version }));
      setDraft(version);
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };
  if (draft !== undefined) {
    const finish = (): void => {
      void queries.invalidateQueries();
      onClose();
    };
    return <ActivationDialog number={draft} act="activate" onDone={finish} onTakenOver={setDraft} onClose={finish} />;
  }
  return (
    <Dialog title={t('acts.fallbackTitle')} onClose={onClose}>
      <Text size="sm">{t('acts.fallbackHelp')}</Text>
      {problem === undefined ? null : <ProblemAlert error={problem} />}
      <FallbackOrder order={order} nameOf={nameOf} onChange={setOrder} />
      {others.length === 0 ? null : (
        <Select
          label={t('acts.fallbackAdd')}
          data={others.map(({ id }) => ({ value: id, label: nameOf(id) }))}
          value={null}
          onChange={(id) => setOrder(id === null ? order : [...order, id])}
        />
      )}
      <ReasonField value={reason} onChange={setReason} isTried={isTried} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('words.cancel')}
        </Button>
        <Button onClick={() => void save()} loading={isBusy} disabled={!isChanged}>
          {t('acts.save')}
        </Button>
      </Group>
    </Dialog>
  );
}

function FallbackOrder({
  order,
  nameOf,
  onChange,
}: {
  readonly order: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly onChange: (order: readonly string[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  if (order.length === 0) return <Text c="dimmed">{t('acts.fallbackEmpty')}</Text>;
  const swap = (index: number): void =>
    onChange(order.map((id, place) => (place === index ? (order[index + 1] ?? id) : place === index + 1 ? (order[index] ?? id) : id)));
  return (
    <List type="ordered" spacing="xs">
      {order.map((id, index) => (
        <List.Item key={id}>
          <Group gap="xs">
            <Text size="sm">{nameOf(id)}</Text>
            {index === 0 ? null : (
              <ActionIcon variant="subtle" color="gray" aria-label={t('acts.moveUp', { name: nameOf(id) })} onClick={() => swap(index - 1)}>
                <IconArrowUp size={16} aria-hidden />
              </ActionIcon>
            )}
            {index === order.length - 1 ? null : (
              <ActionIcon variant="subtle" color="gray" aria-label={t('acts.moveDown', { name: nameOf(id) })} onClick={() => swap(index)}>
                <IconArrowDown size={16} aria-hidden />
              </ActionIcon>
            )}
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t('acts.takeOut', { name: nameOf(id) })}
              onClick={() => onChange(order.filter((other) => other !== id))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </List.Item>
      ))}
    </List>
  );
}
