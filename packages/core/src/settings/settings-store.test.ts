import { expect, test } from 'vitest';
import { PROVIDER_TYPE_SETTING, providerConfigSetting, SETTING_NAME_MAX_LENGTH } from './settings-store.ts';

test('names the rows exactly as they are stored', () => {
  expect(PROVIDER_TYPE_SETTING).toBe('sandbox.provider_type');
  expect(providerConfigSetting('self_managed')).toBe('sandbox.self_managed');
  expect(SETTING_NAME_MAX_LENGTH).toBe(128);
});
