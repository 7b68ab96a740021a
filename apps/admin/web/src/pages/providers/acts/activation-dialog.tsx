import { Alert, Button, Group, Text } from '@mantine/core';
import { IconShieldOff } from '@tabler/icons-react';
import type { Consequences } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../../api/queries.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { say } from '../../../components/say.ts';
import { useAttempt } from '../../../components/use-attempt.ts';
import { useAccount, useMay } from '../../../session/use-session.ts';
import { ConsequencesView } from './consequences-view.tsx';
import { OutdatedAlert } from './outdated-alert.tsx';
import { ReasonField } from './reason-field.tsx';
import { bringIntoUse } from './bring-into-use.ts';
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

interface DecisionProps extends ActivationDialogProps {
  readonly consequences: Consequences;
}

function Decision(props: DecisionProps): ReactNode {
  const { activeVersion, isOutdated } = props.consequences;
  const cannotBeUsed = props.act === 'activate' && isOutdated && activeVersion !== null;
  return cannotBeUsed ? <OutdatedDecision {...props} active={activeVersion} /> : <UseDecision {...props} />;
}

function OutdatedDecision({ number, active, consequences, onTakenOver }: DecisionProps & { readonly active: number }): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const { isBusy, problem, attempt } = useAttempt();
  const { record, differences } = consequences;
  const losesSecrets = record.author !== account.name && differences.some(({ secret }) => secret);
  const takeOver = async (): Promise<void> => {
    const reason = t('acts.takeOverReason', { reason: record.reason, active });
    const takenOver = await takeOverDraft({ number, active, accountName: account.name, reason });
    say.done(t('acts.takenOver', { number: takenOver, active }));
    onTakenOver(takenOver);
  };
  return (
    <>
      {problem === undefined ? null : <ProblemAlert error={problem} />}
      <OutdatedAlert
        parent={record.parent}
        active={active}
        isBusy={isBusy}
        note={losesSecrets ? t('acts.secretsLost') : undefined}
        onTakeOver={() => void attempt(takeOver)}
      />
    </>
  );
}

function UseDecision({ number, act, consequences, onDone, onClose }: DecisionProps): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const maySetAside = useMay('admin');
  const { isBusy, problem, attempt } = useAttempt();
  const [reason, setReason] = useState(act === 'activate' ? '' : t('history.rollBackReason', { number }));
  const [isTried, setIsTried] = useState(false);
  const isObjected = consequences.proofs.some((proof) => proof.objection !== null);
  const hasErrors = consequences.findings.some((finding) => finding.kind === 'error');
  const isBlocked = hasErrors || (isObjected && !maySetAside);
  const needsReason = act === 'roll-back' || isObjected;
  const plainText = act === 'activate' ? t('acts.activateNow') : t('history.rollBackNow');

  const use = async (): Promise<void> => {
    setIsTried(true);
    if (needsReason && reason.trim() === '') return;
    const isUsed = await attempt(async () => {
      const version = await bringIntoUse({ number, act, expectedActive: consequences.activeVersion, reason: reason.trim(), isObjected });
      say.done(t('acts.activated', { number: version }));
      onDone(version);
    });
    // What stood in the way may be that things are otherwise by now.
    if (!isUsed) await queries.invalidateQueries();
  };

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
            onClick={() => void use()}
            loading={isBusy}
            {...(isObjected ? { color: 'red.9' } : {})}
            data-autofocus={!needsReason || undefined}
          >
            {isObjected ? t('acts.setAside') : plainText}
          </Button>
        )}
      </Group>
    </>
  );
}
