import { configDigest } from '@sandport/core';
import { expect, test } from 'vitest';
import { resealConfig } from '../../src/secrets/reseal-config.ts';
import { openSealedConfig, sealConfig } from '../../src/secrets/sealed-config.ts';
import { sealedFieldsOf } from '../../src/secrets/sealed-member.ts';
import { everythingShown, failureOf } from './failure-of.ts';
import { CONFIG, memberOf, newRing, ROW, SECRET_FIELDS, withMember } from './sealed-samples.ts';

const keyRing = newRing();
const former = sealConfig({ row: ROW, config: CONFIG, secretFields: SECRET_FIELDS, keyRing });
const change = { row: ROW, former, secretFields: SECRET_FIELDS, keyRing };

test('keeps the named secrets, takes the new ones, and seals them together anew', () => {
  const config = resealConfig({ ...change, config: { template: 'other', token: 'planted-secret-new' }, keep: ['apiKey'] });
  expect(openSealedConfig({ row: ROW, config, keyRing })).toEqual({
    template: 'other',
    apiKey: CONFIG.apiKey,
    token: 'planted-secret-new',
  });
  expect(memberOf(config).key.wrapped).not.toBe(memberOf(former).key.wrapped);
});

test('gives up what is neither kept nor given', () => {
  const one = resealConfig({ ...change, config: { template: 'base' }, keep: ['apiKey', 'apiKey'] });
  expect(openSealedConfig({ row: ROW, config: one, keyRing })).toEqual({ template: 'base', apiKey: CONFIG.apiKey });
  const none = { template: 'base' };
  expect(resealConfig({ ...change, config: none, keep: [], keyRing: undefined })).toEqual(none);
});

test('needs no key and changes no digest when all that was sealed is kept', () => {
  const { apiKey: _apiKey, token: _token, ...plain } = CONFIG;
  const config = resealConfig({ ...change, config: plain, keep: ['token', 'apiKey'], keyRing: undefined });
  expect(config).toEqual(former);
  expect(configDigest(config)).toBe(configDigest(former));
});

test('keeps a secret that another program stored in the clear, and seals it', () => {
  const clear = { template: 'base', token: 'planted-secret-2' };
  const config = resealConfig({ ...change, former: clear, config: { template: 'base' }, keep: ['token'] });
  expect(sealedFieldsOf({ row: ROW, config })).toEqual(['token']);
  expect(openSealedConfig({ row: ROW, config, keyRing })).toEqual(clear);
});

test('keeps sealed and clear secrets of one row together', () => {
  const half = {
    ...sealConfig({ row: ROW, config: { apiKey: 'planted-secret-1' }, secretFields: SECRET_FIELDS, keyRing }),
    token: 'planted-secret-2',
  };
  const config = resealConfig({ ...change, former: half, config: {}, keep: ['token', 'apiKey'] });
  expect(sealedFieldsOf({ row: ROW, config })).toEqual(['apiKey', 'token']);
  expect(openSealedConfig({ row: ROW, config, keyRing })).toEqual({ apiKey: 'planted-secret-1', token: 'planted-secret-2' });
});

test.each([
  ['is not stored', { former: { template: 'base' }, keep: ['token'] }, 'token'],
  ['is also given anew', { config: { token: 'planted-secret-new' }, keep: ['token'] }, 'token'],
  ['is no secret field', { keep: ['template'] }, 'template'],
  ['would be the sealed member itself', { keep: ['$encrypted'] }, '$encrypted'],
])('refuses to keep what %s', async (_, wrong, field) => {
  const error = await failureOf(() => resealConfig({ ...change, config: {}, ...wrong }));
  expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { row: ROW, field }]);
  expect(error.message.startsWith(`${field}: `)).toBe(true);
  expect(everythingShown(error)).not.toContain('planted-secret');
});

test('refuses a sealed member in the new configuration', async () => {
  const error = await failureOf(() => resealConfig({ ...change, config: former, keep: ['token'] }));
  expect([error.code, error.details]).toEqual(['REQUEST_INVALID', { row: ROW, field: '$encrypted' }]);
});

test('does not keep what cannot be read, and lets it be replaced without reading it', async () => {
  const broken = withMember(former, { ...memberOf(former), data: Buffer.alloc(64).toString('base64') });
  const error = await failureOf(() => resealConfig({ ...change, former: broken, config: {}, keep: ['token'] }));
  expect(error).toMatchObject({ code: 'SECRET_UNREADABLE', details: { row: ROW, reason: 'not-authentic' } });
  const config = resealConfig({ ...change, former: withMember(former, 'broken'), config: CONFIG, keep: [] });
  expect(openSealedConfig({ row: ROW, config, keyRing })).toEqual(CONFIG);
});

test('new secrets without a master key are refused before anything is stored', async () => {
  const error = await failureOf(() => resealConfig({ ...change, config: { token: 'planted-secret-new' }, keep: [], keyRing: undefined }));
  expect(error.code).toBe('CONFIG_MISSING');
});
