// @ts-check
import { describe, expect, it } from 'vitest';
import { isRecentRunsc, releaseDay } from './runsc-version.mjs';

describe('releaseDay', () => {
  it.each([
    ['runsc version release-20240729.0\nspec: 1.1.0-rc.1\n', 20240729],
    ['0.0~20240729.0-4~bpo12+2', 20240729],
    ['0.0~20221219.0-2+b3', 20221219],
    ['runsc version VERSION_MISSING', null],
    ['build 1202407290', null],
  ])('%j is of %s', (text, expected) => {
    expect(releaseDay(text)).toBe(expected);
  });
});

describe('isRecentRunsc', () => {
  it.each([
    ['0.0~20231231.0-1', false],
    ['0.0~20240101.0-1', true],
    ['release-20251103.0', true],
    ['unknown', false],
  ])('%s: %s', (version, expected) => {
    expect(isRecentRunsc(version)).toBe(expected);
  });
});
