import type { ProviderCard } from '@sandport/admin-api';
import { currentLanguage } from './i18n.ts';
import type { PageLanguage } from './page-language.ts';
import { zhProviders } from './zh-providers.ts';

const ZH_TAGS: Readonly<Record<string, string>> = {
  remote: '远程',
  cloud: '云',
  'self-hosted': '自托管',
  gvisor: 'gVisor',
  containers: '容器',
  embedded: '内嵌',
  wasm: 'WebAssembly',
};

/** How a provider is called in the language of the page. */
export function providerName(
  { id, displayName }: Pick<ProviderCard, 'id' | 'displayName'>,
  language: PageLanguage = currentLanguage(),
): string {
  return language === 'zh' ? (zhProviders[id]?.displayName ?? displayName) : displayName;
}

/** What a provider is, in the language of the page. */
export function providerDescription(
  { id, description }: Pick<ProviderCard, 'id' | 'description'>,
  language: PageLanguage = currentLanguage(),
): string {
  return language === 'zh' ? (zhProviders[id]?.description ?? description) : description;
}

/** A tag of a provider in the language of the page. */
export function tagName(tag: string, language: PageLanguage = currentLanguage()): string {
  return language === 'zh' ? (ZH_TAGS[tag] ?? tag) : tag;
}
