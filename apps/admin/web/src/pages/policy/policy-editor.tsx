import { Button, Group, Stack } from '@mantine/core';
import type { Installation } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { say } from '../../components/say.ts';
import { ForRole } from '../../components/role-hint.tsx';
import { useAccount, useMay } from '../../session/use-session.ts';
import { ActivationDialog } from '../providers/acts/activation-dialog.tsx';
import { SaveDraftDialog, type DraftWish } from '../providers/acts/save-draft-dialog.tsx';
import { isSameValue, type Config } from '../providers/editing/form-input.ts';
import { keepInput, restoreInput } from '../providers/editing/kept-input.ts';
import { PolicyFields } from './policy-fields.tsx';
import { badNumbers, EMPTY_POLICY, type Policy } from './policy-form.ts';

/** What is asked for: the policy of the form, or none. */
type Saving = 'change' | 'remove';

/** Changes the policy: as a draft, whose activation is offered at once. */
export function PolicyEditor({ installation }: { readonly installation: Installation }): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const mayChange = useMay('operator');
  const storageName = `sandport.policy.${useAccount().id}`;
  const stored = installation.policy ?? EMPTY_POLICY;
  const [policy, setPolicy] = useState<Policy>(
    () => (restoreInput(sessionStorage, storageName, stored as Config)?.config as Policy | undefined) ?? stored,
  );
  const [saving, setSaving] = useState<Saving>();
  const [draft, setDraft] = useState<number>();
  const bad = badNumbers(policy);
  const isChanged = !isSameValue(policy, stored) || installation.policy === null;
  useEffect(
    () => keepInput(sessionStorage, storageName, stored as Config, { config: policy as Config, secrets: {} }, Date.now()),
    [storageName, stored, policy],
  );

  const save = async ({ reason }: DraftWish, base: number | null): Promise<void> => {
    const { version } = await callApi('createDraft', { body: { change: { policy: saving === 'remove' ? null : policy }, reason, base } });
    sessionStorage.removeItem(storageName);
    say.done(t('acts.saved', { number: version }));
    setSaving(undefined);
    setDraft(version);
  };
  const finish = (): void => {
    setDraft(undefined);
    void queries.invalidateQueries();
  };

  return (
    <Stack gap="xl" maw="46rem">
      <PolicyFields policy={policy} bad={bad} isReadOnly={!mayChange} onChange={setPolicy} />
      <Group gap="sm">
        <ForRole role="operator">
          <Button disabled={!isChanged || bad.length > 0} onClick={() => setSaving('change')}>
            {t('policy.save')}
          </Button>
          {installation.policy === null ? null : (
            <Button variant="default" onClick={() => setSaving('remove')}>
              {t('policy.remove')}
            </Button>
          )}
        </ForRole>
      </Group>
      {saving === undefined ? null : (
        <SaveDraftDialog
          defaultReason={saving === 'remove' ? t('policy.removeReason') : t('policy.changeReason')}
          next={undefined}
          replaces={undefined}
          activeOffer={undefined}
          save={(wish) => save(wish, installation.version)}
          takeOver={save}
          isForForm={() => false}
          onClose={() => setSaving(undefined)}
        />
      )}
      {draft === undefined ? null : (
        <ActivationDialog number={draft} act="activate" onDone={finish} onTakenOver={setDraft} onClose={finish} />
      )}
    </Stack>
  );
}
