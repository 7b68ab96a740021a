import { Button, Group, Stack, TextInput } from '@mantine/core';
import type { AnswerOf, Role } from '@sandport/admin-api';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { toApiProblem } from '../../api/api-problem.ts';
import { callApi } from '../../api/api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RoleSelect } from './role-select.tsx';
import { useChange } from './use-change.ts';

/** Asks whom to invite. */
export function InviteDialog({
  onClose,
  onInvited,
}: {
  readonly onClose: () => void;
  readonly onInvited: (answer: AnswerOf<'inviteAccount'>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [isTried, setIsTried] = useState(false);
  const invite = useChange('listAccounts', () => callApi('inviteAccount', { body: { name: name.trim(), role } }));
  const problem = invite.isError ? toApiProblem(invite.error) : undefined;
  const refusal = problem?.fields.find(({ field }) => field === 'name')?.message;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (name.trim() !== '') invite.mutate(undefined, { onSuccess: onInvited });
  };
  return (
    <Dialog title={t('people.inviteTitle')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {problem === undefined || refusal !== undefined ? null : <ProblemAlert error={problem} />}
          <TextInput
            label={t('people.name')}
            description={t('people.nameHelp')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={128}
            data-autofocus
            autoComplete="off"
            error={isTried && name.trim() === '' ? t('people.nameMissing') : refusal}
          />
          <RoleSelect label={t('people.role')} value={role} onChange={setRole} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('words.cancel')}
            </Button>
            <Button type="submit" loading={invite.isPending}>
              {t('people.invite')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
