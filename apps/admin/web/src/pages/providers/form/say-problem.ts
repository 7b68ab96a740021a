import type { TFunction } from 'i18next';
import { sayNumber } from '../../../format/number.ts';
import { patternRule } from './field-words.ts';
import type { SayProblem } from './form-validator.ts';

/** Says in the language of the page how a value breaks the schema of a provider. */
export function problemSayer(t: TFunction, providerId: string): SayProblem {
  return ({ path, keyword, limit }) => {
    switch (keyword) {
      case 'required':
        return t('form.errors.required');
      case 'minimum':
      case 'maximum':
      case 'exclusiveMinimum':
      case 'exclusiveMaximum':
        return t(`form.errors.${keyword}`, { limit: sayNumber(Number(limit)) });
      case 'minLength':
      case 'maxLength':
      case 'minItems':
      case 'maxItems':
        return t(`form.errors.${keyword}`, { count: Number(limit) });
      case 'type':
        return limit === 'integer' || limit === 'number' ? t(`form.errors.${limit}`) : t('form.errors.type', { limit: String(limit) });
      case 'pattern':
        return String(limit).includes('-----')
          ? t('form.errors.pem')
          : (patternRule(providerId, path[0] ?? '') ?? t('form.errors.pattern'));
      case 'enum':
        return t('form.errors.enum', { limit: Array.isArray(limit) ? limit.join(', ') : String(limit) });
      case 'false':
        return t('form.errors.unknown');
      default:
        return t('form.errors.other', { keyword });
    }
  };
}
