import { Alert, Button, Group, Text } from '@mantine/core';
import { IconShieldOff } from '@tabler/icons-react';
import type { Consequences } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../../api/api.ts';
import { useApiQuery } from '../../../api/queries.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { say } from '../../../components/say.ts';
import { useAccount, useMay } from '../../../session/use-session.ts';
import { ConsequencesView } from './consequences-view.tsx';
import { OutdatedAlert } from './outdated-alert.tsx';
import { ReasonField } from './reason-field.tsx';
import { takeOverDraft } from './take-over.ts';

interface ActivationDialogProps {
  readonly number: number;
  /** A draft comes into use; a former version comes back. */
  readonly act: 'activate' | 'roll-back';
  readonly onDone: (version: number) => void;
  /** A new draft has the changes, on the ground of what is in use now. */
  readonly onTakenOver: (draft: number) => void;
  readonly onClose: () => void;
}

/** Shows what comes of using a version, and uses it. */
export function ActivationDialog(props: ActivationDialogProps): ReactNode {
  const { t } = useTranslation();
  const { number, act } = props;
  const consequences = useApiQuery('foreseeActivation', { params: { version: number } }, { refetchIntervalMs: 5_000 });
  return (
    <Dialog
      title={act === 'activate' ? t('acts.activateTitle', { number }) : t('history.rollBackTitle', { number })}
      size="xl"
      onClose={props.onClose}
    >
      <QueryState query={consequences}>{(answer) => <Decision {...props} consequences={answer} />}</QueryState>
    </Dialog>
  );
}

function Decision({
  number,
  act,
  consequences,
  onDone,
  onTakenOver,
  onClose,
}: ActivationDialogProps & { readonly consequences: Consequences }): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const account = useAccount();
  const maySetAside = useMay('admin');
  const [reason, setReason] = useState(act === 'activate' ? '' : t('history.rollBackReason', { number }));
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const { activeVersion, record } = consequences;
  const isOutdated = act === 'activate' && consequences.isOutdated && activeVersion !== null;
  const isObjected = consequences.proofs.some((proof) => proof.objection !== null);
  const hasErrors = consequences.findings.some((finding) => finding.kind === 'error');
  const needsReason = act === 'roll-back' || isObjected;

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setIsTried(true);
    if (needsReason && reason.trim() === '') return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
      await queries.invalidateQueries();
    }
  };
  const use = async (): Promise<void> => {
    const params = { version: number };
    const body = { expectedActive: activeVersion, reason: reason.trim() };
    const answer = isObjected
      ? await callApi('setPolicyAside', { params, body: { ...body, act } })
      : act === 'activate'
        ? await callApi('activateVersion', { params, body: { expectedActive: activeVersion } })
        : await callApi('rollBack', { params, body });
    say.done(t('acts.activated', { number: answer.version }));
    onDone(answer.version);
  };
  const takeOver = async (active: number): Promise<void> => {
    const takenOver = await takeOverDraft({
      number,
      active,
      accountName: account.name,
      reason: t('acts.takeOverReason', { reason: record.reason, active }),
    });
    say.done(t('acts.takenOver', { number: takenOver, active }));
    onTakenOver(takenOver);
  };

  if (isOutdated) {
    return (
      <>
        {problem === undefined ? null : <ProblemAlert error={problem} />}
        <OutdatedAlert
          parent={record.parent}
          active={activeVersion}
          isBusy={isBusy}
          note={record.author !== account.name && consequences.differences.some(({ secret }) => secret) ? t('acts.secretsLost') : undefined}
          onTakeOver={() => void attempt(() => takeOver(activeVersion))}
        />
      </>
    );
  }
  const isBlocked = hasErrors || (isObjected && !maySetAside);
  return (
    <>
      <Text size="sm">{t('acts.activateHelp')}</Text>
      <ConsequencesView consequences={consequences} />
      {problem === undefined ? null : <ProblemAlert error={problem} />}
      {hasErrors ? <Text size="sm">{t('acts.errorsBlock')}</Text> : null}
      {isObjected ? (
        <Alert color="orange" icon={<IconShieldOff aria-hidden />}>
          {maySetAside ? t('acts.setAsideHelp') : t('acts.blocked')}
        </Alert>
      ) : null}
      {needsReason && !isBlocked ? (
        <ReasonField value={reason} onChange={setReason} isTried={isTried} {...(isObjected ? { label: t('acts.setAsideReason') } : {})} />
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('words.cancel')}
        </Button>
        {isBlocked ? null : (
          <Button
            onClick={() => void attempt(use)}
            loading={isBusy}
            {...(isObjected ? { color: 'red' } : {})}
            data-autofocus={!needsReason || undefined}
          >
            {isObjected ? t('acts.setAside') : act === 'activate' ? t('acts.activateNow') : t('history.rollBackNow')}
          </Button>
        )}
      </Group>
    </>
  );
}
