import { expect, test } from 'vitest';
import {
  FALLBACK_SETTING,
  passportSetting,
  POLICY_SETTING,
  PROVIDER_TYPE_SETTING,
  providerConfigSetting,
  providerOfSetting,
  SETTING_NAME_MAX_LENGTH,
  VERSION_SETTING,
} from './setting-names.ts';

test('names the rows exactly as they are stored', () => {
  expect(PROVIDER_TYPE_SETTING).toBe('sandbox.provider_type');
  expect(providerConfigSetting('self_managed')).toBe('sandbox.self_managed');
  expect(passportSetting('self_managed')).toBe('sandbox.passport.self_managed');
  expect([POLICY_SETTING, FALLBACK_SETTING, VERSION_SETTING]).toEqual(['sandbox.policy', 'sandbox.fallback', 'sandbox.version']);
  expect(SETTING_NAME_MAX_LENGTH).toBe(128);
});

test('tells rows of providers from all others', () => {
  expect(providerOfSetting('sandbox.self_managed')).toBe('self_managed');
  for (const name of [PROVIDER_TYPE_SETTING, POLICY_SETTING, FALLBACK_SETTING, VERSION_SETTING, passportSetting('wasm')]) {
    expect(providerOfSetting(name)).toBeUndefined();
  }
  for (const name of ['sandbox.', 'sandbox.Docker', 'Sandbox.docker', 'mail.docker', 'sandbox.docker '])
    expect(providerOfSetting(name)).toBeUndefined();
});
