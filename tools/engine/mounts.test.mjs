// @ts-check
import { describe, expect, it } from 'vitest';
import { isWithin, parseMountInfo } from './mounts.mjs';

describe('parseMountInfo', () => {
  it('reads mount points, file systems and their options, with optional fields or without', () => {
    const text = `27 1 254:0 / / rw,relatime - ext4 /dev/sda rw,discard
40 27 0:40 / /data/a\\040b rw,nosuid shared:7 master:1 - overlay overlay rw,lowerdir=/l
`;
    expect(parseMountInfo(text)).toEqual([
      { mountPoint: '/', fileSystem: 'ext4', superOptions: ['rw', 'discard'] },
      { mountPoint: '/data/a b', fileSystem: 'overlay', superOptions: ['rw', 'lowerdir=/l'] },
    ]);
  });
});

describe('isWithin', () => {
  it('goes by whole names', () => {
    expect(isWithin('/run/engine', '/run/engine')).toBe(true);
    expect(isWithin('/run/engine/exec', '/run/engine')).toBe(true);
    expect(isWithin('/run/engine2', '/run/engine')).toBe(false);
  });
});
