import { Stack } from '@mantine/core';
import type { Installation, ProviderDescription } from '@sandport/admin-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { QueryState } from '../../components/query-state.tsx';
import { readDraftGround, type DraftGround } from './acts/take-over.ts';
import { DraftNotice } from './draft-notice.tsx';
import { EditableConfiguration } from './editable-configuration.tsx';
import type { OpenAct } from './provider-acts.tsx';

interface ProviderEditorProps {
  readonly installation: Installation;
  readonly description: ProviderDescription;
  /** The draft that is shown; `undefined` for the version in use. */
  readonly draft: number | undefined;
  readonly onAct: (act: OpenAct) => void;
  readonly onShowDraft: (number: number | undefined) => void;
}

/** The configuration of a provider in the version in use, or in a draft. */
export function ProviderEditor(props: ProviderEditorProps): ReactNode {
  const { draft } = props;
  const ground = useQuery({
    queryKey: ['readVersion', 'ground', draft],
    queryFn: ({ signal }) => readDraftGround(draft ?? 0, signal),
    enabled: draft !== undefined,
  });
  if (draft === undefined) return <Editor {...props} ground={undefined} />;
  return <QueryState query={ground}>{(found) => <Editor {...props} ground={found} />}</QueryState>;
}

function Editor({
  installation,
  description,
  ground,
  onAct,
  onShowDraft,
}: ProviderEditorProps & { readonly ground: DraftGround | undefined }): ReactNode {
  return (
    <Stack gap="lg">
      <DraftNotice card={description.card} ground={ground} onShowDraft={onShowDraft} />
      <EditableConfiguration
        installation={installation}
        description={description}
        ground={ground}
        onAct={onAct}
        onShowDraft={onShowDraft}
      />
    </Stack>
  );
}
