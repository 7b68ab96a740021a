// @ts-check
import { describe, expect, it } from 'vitest';
import { backportsSource, parseCandidates, parseStanzas, releaseArchive, signedBy } from './apt-sources.mjs';

/** @param {{ release: string, codename: string, component?: string, uri?: string }} target */
const indexTarget = ({ release, codename, component = 'main', uri = 'http://mirror.test/debian/' }) => `MetaKey: ${component}/Packages
Codename: ${codename}
Component: ${component}
Created-By: Packages
Release: ${release}
Repo-URI: ${uri}
Sourcesentry: /etc/apt/sources.list.d/debian.sources:1
`;

const indexTargets = [
  indexTarget({ release: 'bookworm-security', codename: 'bookworm-security', uri: 'http://mirror.test/security/' }),
  indexTarget({ release: 'bookworm-updates', codename: 'bookworm-updates' }),
  indexTarget({ release: 'bookworm', codename: 'bookworm' }),
  indexTarget({ release: 'bookworm', codename: 'bookworm', component: 'contrib' }),
].join('\n');

describe('parseStanzas', () => {
  it('joins continued lines, skips comments, and ignores the case of field names', () => {
    expect(parseStanzas('Types: deb\n# why\nSigned-By:\n KEY\n .\n\n\nTYPES: deb-src\n')).toEqual([
      { types: 'deb', 'signed-by': '\n KEY\n .' },
      { types: 'deb-src' },
    ]);
  });
});

describe('releaseArchive', () => {
  it('finds the archive of the release itself, with its components', () => {
    expect(releaseArchive(indexTargets, 'bookworm')).toEqual({
      uri: 'http://mirror.test/debian/',
      suite: 'bookworm',
      components: ['main', 'contrib'],
      sourceFile: '/etc/apt/sources.list.d/debian.sources',
    });
  });

  it('knows a release that the sources call by its state', () => {
    expect(releaseArchive(indexTarget({ release: 'stable', codename: 'trixie' }), 'trixie')).toMatchObject({ suite: 'stable' });
  });

  it('is null for another release', () => {
    expect(releaseArchive(indexTargets, 'trixie')).toBeNull();
  });
});

describe('signedBy', () => {
  const archive = { uri: 'http://mirror.test/debian/', suite: 'bookworm' };

  it('reads stanza files, keys written into them included', () => {
    const text = `Types: deb
URIs: http://mirror.test/security
Suites: bookworm
Signed-By: /keys/other.gpg

Types: deb
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 KEY
`;
    const key = signedBy({ fileName: 'debian.sources', text }, archive);
    expect(key).toBe('\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n KEY');
  });

  it('reads one-line files', () => {
    const text = `# deb [signed-by=/keys/no.gpg] http://mirror.test/debian bookworm main
deb [signed-by=/keys/no.gpg] http://mirror.test/debian bookworm-updates main
deb [arch=amd64 signed-by=/keys/a.gpg,/keys/b.gpg] http://mirror.test/debian bookworm main
`;
    expect(signedBy({ fileName: '/etc/apt/sources.list', text }, archive)).toBe('/keys/a.gpg /keys/b.gpg');
  });

  it('is null where no key is named', () => {
    expect(signedBy({ fileName: 'sources.list', text: 'deb http://mirror.test/debian bookworm main' }, archive)).toBeNull();
    expect(signedBy({ fileName: 'debian.sources', text: '' }, archive)).toBeNull();
  });
});

describe('backportsSource', () => {
  const archive = { uri: 'http://mirror.test/debian/', codename: 'bookworm', components: ['main', 'contrib'] };

  it('is a source for the backports of the same archive', () => {
    expect(backportsSource({ ...archive, signedBy: '/keys/a.gpg' })).toBe(`Types: deb
URIs: http://mirror.test/debian/
Suites: bookworm-backports
Components: main contrib
Signed-By: /keys/a.gpg
`);
  });

  it('leaves the key to apt where the machine does', () => {
    expect(backportsSource({ ...archive, signedBy: null })).not.toContain('Signed-By');
  });

  it('keeps a key block readable for the next parser', () => {
    const [stanza] = parseStanzas(backportsSource({ ...archive, signedBy: '\n BEGIN\n .\n END' }));
    expect(stanza).toMatchObject({ 'signed-by': '\n BEGIN\n .\n END' });
  });
});

describe('parseCandidates', () => {
  it('leaves out packages that cannot be installed', () => {
    const policy = `docker.io:
  Installed: (none)
  Candidate: 20.10.24+dfsg1-1
  Version table:
     20.10.24+dfsg1-1 500
runsc:
  Installed: (none)
  Candidate: (none)
  Version table:
`;
    expect(parseCandidates(policy)).toEqual(new Map([['docker.io', '20.10.24+dfsg1-1']]));
  });
});
