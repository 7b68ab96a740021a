import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import type { AnswerOf, Role } from '@sandport/admin-api';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RoleSelect } from './role-select.tsx';
import { useChange } from './use-change.ts';

const LIFETIMES_DAYS = [7, 30, 90, 365] as const;
const NEVER = 'never';

/** Asks what a token is for. */
export function TokenDialog({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (answer: AnswerOf<'createToken'>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [lifetime, setLifetime] = useState<string>('90');
  const [isTried, setIsTried] = useState(false);
  const make = useChange('listTokens', () =>
    callApi('createToken', { body: { name: name.trim(), role, lifetimeDays: lifetime === NEVER ? null : Number(lifetime) } }),
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (name.trim() !== '') make.mutate(undefined, { onSuccess: onMade });
  };
  return (
    <Dialog title={t('people.makeToken')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {make.isError ? <ProblemAlert error={make.error} /> : null}
          <TextInput
            label={t('people.name')}
            description={t('people.tokenNameHelp')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={128}
            data-autofocus
            autoComplete="off"
            error={isTried && name.trim() === '' ? t('people.nameMissing') : undefined}
          />
          <RoleSelect label={t('people.role')} value={role} onChange={setRole} />
          <Select
            label={t('people.lifetime')}
            data={[
              ...LIFETIMES_DAYS.map((days) => ({ value: String(days), label: t('people.days', { count: days }) })),
              { value: NEVER, label: t('people.neverEnds') },
            ]}
            value={lifetime}
            onChange={(value) => setLifetime(value ?? NEVER)}
            allowDeselect={false}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('words.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t('people.makeToken')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
