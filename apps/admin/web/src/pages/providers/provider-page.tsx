import { Anchor, Stack, Tabs, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { Installation, ProviderDescription } from '@sandport/admin-api';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { useApiQuery } from '../../api/queries.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { providerDescription, providerName } from '../../i18n/provider-words.ts';
import { PassportsPanel } from './trial/passports-panel.tsx';
import { ProviderActs, type OpenAct } from './provider-acts.tsx';
import { ProviderBadges } from './provider-badges.tsx';
import { ProviderEditor } from './provider-editor.tsx';

/** One provider: its configuration, what can be done with it, and how it was tested. */
export function ProviderPage(): ReactNode {
  const { provider = '' } = useParams();
  // Another provider is another page: nothing of the former one's state is right for it.
  return <ProviderView key={provider} providerId={provider} />;
}

function ProviderView({ providerId }: { readonly providerId: string }): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [openAct, setOpenAct] = useState<OpenAct>();
  const draft = draftIn(search);
  const installation = useApiQuery('readInstallation', {});
  const description = useApiQuery('describeProvider', { params: { provider: providerId }, query: { version: draft } });
  const showDraft = (number: number | undefined): void => setSearch(number === undefined ? {} : { draft: String(number) });

  return (
    <>
      <Anchor component={Link} to="/sandbox-settings" size="sm" mb="xs" display="inline-block">
        <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {t('providers.allProviders')}
      </Anchor>
      <QueryState query={installation}>
        {(current) => (
          <QueryState query={description}>
            {(found) => (
              <>
                <PageHeading
                  title={providerName(found.card)}
                  help={
                    <Stack gap={8} component="span">
                      <span>{providerDescription(found.card)}</span>
                      <ProviderBadges card={found.card} />
                    </Stack>
                  }
                />
                <ProviderTabs installation={current} description={found} draft={draft} onAct={setOpenAct} onShowDraft={showDraft} />
                <ProviderActs card={found.card} act={openAct} onAct={setOpenAct} onShowDraft={showDraft} />
              </>
            )}
          </QueryState>
        )}
      </QueryState>
    </>
  );
}

interface ProviderTabsProps {
  readonly installation: Installation;
  readonly description: ProviderDescription;
  readonly draft: number | undefined;
  readonly onAct: (act: OpenAct) => void;
  readonly onShowDraft: (number: number | undefined) => void;
}

function ProviderTabs({ installation, description, draft, onAct, onShowDraft }: ProviderTabsProps): ReactNode {
  const { t } = useTranslation();
  const { card } = description;
  return (
    <Tabs defaultValue="configuration" keepMounted>
      <Tabs.List mb="lg">
        <Tabs.Tab value="configuration">{t('providers.configuration')}</Tabs.Tab>
        <Tabs.Tab value="passports">{t('providers.passports')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="configuration">
        {card.isCarried ? null : (
          <Text c="dimmed" mb="md">
            {t('providers.notCarriedHelp')}
          </Text>
        )}
        <ProviderEditor
          // Each version has input of its own.
          key={draft ?? 'in-use'}
          installation={installation}
          description={description}
          draft={draft}
          onAct={onAct}
          onShowDraft={onShowDraft}
        />
      </Tabs.Panel>
      <Tabs.Panel value="passports">
        <PassportsPanel providerId={card.id} />
      </Tabs.Panel>
    </Tabs>
  );
}

function draftIn(search: URLSearchParams): number | undefined {
  const number = Number(search.get('draft') ?? Number.NaN);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
