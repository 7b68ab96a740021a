import { randomInt } from 'node:crypto';
import { SEALED_MEMBER, type JsonObject, type JsonValue } from '@sandport/core';
import { expect, test } from 'vitest';
import { resealConfig } from '../../src/secrets/reseal-config.ts';
import { openSealedConfig, rewrapSealedConfig, sealConfig } from '../../src/secrets/sealed-config.ts';
import { sealedFieldsOf } from '../../src/secrets/sealed-member.ts';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';

const LETTERS = ['a', 'B', '7', '"', '\\', ' ', '\n', '\0', 'ß', '漢', '😀', '$', '_', '.', ',', ']'];

function randomText(maxLength: number): string {
  return Array.from({ length: randomInt(maxLength + 1) }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
}

function randomValue(depth: number): JsonValue {
  const kind = randomInt(depth === 0 ? 4 : 6);
  if (kind === 0) return randomText(40);
  if (kind === 1) return randomInt(1_000_000) / 7;
  if (kind === 2) return randomInt(2) === 0;
  if (kind === 3) return null;
  if (kind === 4) return Array.from({ length: randomInt(4) }, () => randomValue(depth - 1));
  return randomObject(depth - 1);
}

function randomObject(depth: number): JsonObject {
  return Object.fromEntries(Array.from({ length: randomInt(6) }, () => [`f${randomText(8)}`, randomValue(depth)]));
}

test('any configuration comes back whole after sealing, rewrapping and keeping', () => {
  const keys = [generateMasterKey(), generateMasterKey()].map((key) => ({ key }));
  const [first, second] = [KeyRing.of(keys), KeyRing.of(keys.toReversed())];
  for (let round = 0; round < 200; round += 1) {
    const row = `sandbox.${randomText(20)}`;
    const config = randomObject(3);
    const secretFields = Object.keys(config).filter(() => randomInt(2) === 0);
    const sealed = sealConfig({ row, config, secretFields, keyRing: first });
    const context = JSON.stringify({ row, config, secretFields, sealed });
    expect(openSealedConfig({ row, config: sealed, keyRing: second }), context).toEqual(config);
    expect(sealedFieldsOf({ row, config: sealed }), context).toEqual(secretFields.toSorted());
    expect(
      Object.keys(sealed).filter((name) => secretFields.includes(name)),
      context,
    ).toEqual([]);
    expect(Object.hasOwn(sealed, SEALED_MEMBER), context).toBe(secretFields.length > 0);
    const rewrapped = rewrapSealedConfig({ row, config: sealed, keyRing: second });
    expect(rewrapped === undefined, context).toBe(secretFields.length === 0);
    const keep = secretFields.filter(() => randomInt(2) === 0);
    const rest = Object.fromEntries(Object.entries(config).filter(([name]) => !keep.includes(name)));
    const resealed = resealConfig({ row, former: rewrapped ?? sealed, config: rest, keep, secretFields, keyRing: first });
    expect(openSealedConfig({ row, config: resealed, keyRing: first }), context).toEqual(config);
  }
});
