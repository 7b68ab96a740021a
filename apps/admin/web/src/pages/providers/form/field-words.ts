import type { ConfigField } from '@sandport/admin-api';
import { useTranslation } from 'react-i18next';
import { sayNumber } from '../../../format/number.ts';
import { currentLanguage } from '../../../i18n/i18n.ts';
import type { PageLanguage } from '../../../i18n/page-language.ts';
import { optionTexts } from '../../../i18n/option-texts.ts';
import { patternTexts } from '../../../i18n/pattern-texts.ts';
import { zhProviders } from '../../../i18n/zh-providers.ts';
import { sayValue } from './field-reading.ts';

/** How a field is called in the language of the page. The server's texts are English; fields that the page does not know stay so. */
export function fieldLabel(
  providerId: string,
  { name, label }: Pick<ConfigField, 'name' | 'label'>,
  language: PageLanguage = currentLanguage(),
): string {
  return language === 'zh' ? (zhProviders[providerId]?.fields[name]?.label ?? label) : label;
}

/** What a field is for, in the language of the page. */
export function fieldHelp(
  providerId: string,
  { name, help }: Pick<ConfigField, 'name' | 'help'>,
  language: PageLanguage = currentLanguage(),
): string {
  return language === 'zh' ? (zhProviders[providerId]?.fields[name]?.help ?? help) : help;
}

/** What an option of a field means; nothing where that is not written down. */
export function optionHelp(
  providerId: string,
  field: string,
  option: string,
  language: PageLanguage = currentLanguage(),
): string | undefined {
  return optionTexts[providerId]?.[field]?.[option]?.[language];
}

/** What a field's pattern asks for; nothing where that is not written down. */
export function patternRule(providerId: string, field: string, language: PageLanguage = currentLanguage()): string | undefined {
  return patternTexts[providerId]?.[field]?.[language];
}

/** What is said below the help of a field: its default, and how far it may go. */
export function useFieldFacts(): (field: ConfigField) => string | undefined {
  const { t } = useTranslation();
  return ({ default: byDefault, min, max, unit, type, options }) => {
    const range = type === 'integer' || type === 'number' ? rangeOf(min, max) : undefined;
    const saidDefault =
      byDefault === undefined || type === 'boolean' || options !== undefined || isEmpty(byDefault)
        ? undefined
        : t('form.defaultIs', { value: sayValue(byDefault, unit) });
    const parts = [saidDefault, range].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join(' · ');
  };

  function rangeOf(min: number | undefined, max: number | undefined): string | undefined {
    if (min !== undefined && max !== undefined) return t('form.rangeBoth', { min: sayNumber(min), max: sayNumber(max) });
    if (min !== undefined) return t('form.rangeMin', { min: sayNumber(min) });
    return max === undefined ? undefined : t('form.rangeMax', { max: sayNumber(max) });
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
