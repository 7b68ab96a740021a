// @ts-check
import { describe, expect, it } from 'vitest';
import { archiveCodename, isDebianFamily, parseOsRelease } from './os-release.mjs';

const debian = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
# a comment
HOME_URL='https://example.org/'
`;

describe('parseOsRelease', () => {
  it('takes plain and quoted values', () => {
    expect(parseOsRelease(debian)).toEqual({
      PRETTY_NAME: 'Debian GNU/Linux 12 (bookworm)',
      VERSION_CODENAME: 'bookworm',
      ID: 'debian',
      HOME_URL: 'https://example.org/',
    });
  });

  it('undoes the escapes of quoted values', () => {
    expect(parseOsRelease('NAME="a \\"b\\" \\$c"')).toEqual({ NAME: 'a "b" $c' });
  });
});

describe('isDebianFamily', () => {
  it.each([
    ['debian', undefined, true],
    ['ubuntu', 'debian', true],
    ['linuxmint', 'ubuntu debian', true],
    ['fedora', undefined, false],
    ['rocky', 'rhel centos fedora', false],
  ])('%s, like %s: %s', (id, like, expected) => {
    expect(isDebianFamily(like === undefined ? { ID: id } : { ID: id, ID_LIKE: like })).toBe(expected);
  });

  it('is false where nothing is known', () => {
    expect(isDebianFamily({})).toBe(false);
  });
});

describe('archiveCodename', () => {
  it('is the release of the archive, not of the derivative', () => {
    expect(archiveCodename({ VERSION_CODENAME: 'wilma', UBUNTU_CODENAME: 'noble' })).toBe('noble');
    expect(archiveCodename(parseOsRelease(debian))).toBe('bookworm');
    expect(archiveCodename({})).toBeUndefined();
  });
});
