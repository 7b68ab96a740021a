import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconRestore } from '@tabler/icons-react';
import type { Installation, ProviderDescription } from '@sandport/admin-api';
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem, FieldProblem } from '../../api/api-problem.ts';
import { sayAge } from '../../format/moment.ts';
import { useAccount, useMay } from '../../session/use-session.ts';
import type { DraftGround } from './acts/take-over.ts';
import { ActBar, type WantedAct } from './act-bar.tsx';
import { DeploymentFields } from './deployment-fields.tsx';
import { DraftDialogs } from './draft-dialogs.tsx';
import { missingSecrets, type Config } from './editing/form-input.ts';
import { placeProblems, type PlacedProblems } from './editing/server-problems.ts';
import { useFormInput } from './editing/use-form-input.ts';
import { ConfigForm, type ConfigFormHandle } from './form/config-form.tsx';
import { focusFirstProblem } from './form/focus-first-problem.ts';
import type { FormContext } from './form/form-context.ts';
import { errorSchemaOf } from './form/form-validator.ts';
import type { OpenAct } from './provider-acts.tsx';

interface EditableConfigurationProps {
  readonly installation: Installation;
  readonly description: ProviderDescription;
  readonly ground: DraftGround | undefined;
  readonly onAct: (act: OpenAct) => void;
  readonly onShowDraft: (number: number | undefined) => void;
}

const NO_PROBLEMS: PlacedProblems = { placed: [], others: [] };

/** The form of a provider with everything that can be done with what was entered. */
export function EditableConfiguration({ installation, description, ground, onAct, onShowDraft }: EditableConfigurationProps): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const mayChange = useMay('operator') && description.card.isCarried;
  const place = useRef<HTMLDivElement>(null);
  const handle = useRef<ConfigFormHandle>(null);
  const draft = ground?.draft.record;
  const editing = useFormInput(description, `sandport.form.${account.id}.${description.card.id}.${draft?.number ?? 'in-use'}`);
  const [problems, setProblems] = useState<PlacedProblems>(NO_PROBLEMS);
  const [wanted, setWanted] = useState<WantedAct>();
  const context = useFormContext(description, editing.input.secrets, editing.changeSecret);
  const errors = useMemo(() => errorSchemaOf(problems.placed), [problems]);

  const show = (found: PlacedProblems): void => {
    setProblems(found);
    focusFirstProblem(place);
  };
  /** Whether everything can be sent; what cannot is told at its field. */
  const check = (): boolean => {
    const missing = missingSecrets(description, editing.input).map(({ name }) => ({ path: [name], message: t('form.errors.required') }));
    const isValid = handle.current?.validateForm() ?? false;
    show({ placed: missing, others: [] });
    return isValid && missing.length === 0;
  };
  const want = (act: WantedAct): void => {
    const isSaving = act === 'save' || (act !== 'compare' && act !== 'discard' && editing.changed.length > 0);
    if (!isSaving || check()) setWanted(act);
  };
  const takeProblem = (problem: ApiProblem): boolean => {
    const found = placeProblems(problem.fields, new Set(context.fields.keys()));
    if (found.placed.length === 0) return false;
    show(found);
    return true;
  };

  return (
    <Stack gap="lg" ref={place}>
      {editing.restoredAtMs === undefined || editing.changed.length === 0 ? null : (
        <RestoredNotice atMs={editing.restoredAtMs} onDrop={editing.reset} />
      )}
      <ProblemSummary count={problems.placed.length} others={problems.others} />
      <ConfigForm
        description={description}
        config={editing.input.config}
        context={context}
        problems={errors}
        isReadOnly={!mayChange}
        handle={handle}
        onRefused={() => focusFirstProblem(place)}
        onChange={(config: Config) => {
          editing.changeConfig(config);
          if (problems !== NO_PROBLEMS) setProblems(NO_PROBLEMS);
        }}
      />
      <DeploymentFields description={description} />
      <ActBar
        card={description.card}
        draft={draft}
        hasVersion={installation.version !== null}
        changedCount={editing.changed.length}
        mayChange={mayChange}
        onWant={want}
        onReset={editing.reset}
      />
      <DraftDialogs
        installation={installation}
        description={description}
        ground={ground}
        editing={editing}
        wanted={wanted}
        onDone={() => setWanted(undefined)}
        onAct={onAct}
        onShowDraft={onShowDraft}
        takeProblem={takeProblem}
      />
    </Stack>
  );
}

function useFormContext(
  description: ProviderDescription,
  secrets: FormContext['secrets'],
  change: FormContext['changeSecret'],
): FormContext {
  const changeSecret = useCallback<FormContext['changeSecret']>((name, next) => change(name, next), [change]);
  return useMemo(
    () => ({
      providerId: description.card.id,
      fields: new Map(description.fields.map((field) => [field.name, field])),
      storedSecrets: description.stored?.secrets ?? {},
      secrets,
      changeSecret,
    }),
    [description, secrets, changeSecret],
  );
}

function RestoredNotice({ atMs, onDrop }: { readonly atMs: number; readonly onDrop: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Alert color="blue" role="status" icon={<IconRestore aria-hidden />}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t('form.restored', { age: sayAge(atMs) })}</Text>
        <Button size="xs" variant="default" onClick={onDrop}>
          {t('form.dropInput')}
        </Button>
      </Group>
    </Alert>
  );
}

function ProblemSummary({ count, others }: { readonly count: number; readonly others: readonly FieldProblem[] }): ReactNode {
  const { t } = useTranslation();
  if (count === 0 && others.length === 0) return null;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('form.problems', { count: count + others.length })}>
      {others.map(({ field, message }) => (
        <Text size="sm" key={`${field}/${message}`} className="wrapped-text">
          {field}: {message}
        </Text>
      ))}
    </Alert>
  );
}
