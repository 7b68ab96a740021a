import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runGuestPython } from './run-program.ts';

// Prints what the collector yields, with the content of each file.
const COLLECT = `
import artifact_collector, os, safe_files
job = json.loads(sys.argv[1])
def count_descriptors():
    return len(os.listdir("/proc/self/fd"))
root = os.open(job["root"], os.O_RDONLY) if job["byDescriptor"] else job["root"]
before = count_descriptors()
items = []
for kind, path, *rest in artifact_collector.collect(root, job["limits"]):
    if kind == "file":
        rest = [rest[0], safe_files.read_at_most(rest[1], rest[0]).decode()]
    items.append([kind, path, *rest])
print(json.dumps({"items": items, "leaked": count_descriptors() - before}))
`;

const GENEROUS = { artifactCount: 100, artifactBytes: 1000, artifactTotalBytes: 10_000, artifactDepth: 8 };

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sandport-artifacts-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

function collect(limits: Partial<typeof GENEROUS> = {}, from = root, byDescriptor = false): unknown {
  const result = runGuestPython(COLLECT, JSON.stringify({ root: from, byDescriptor, limits: { ...GENEROUS, ...limits } }));
  expect(result).toMatchObject({ leaked: 0 });
  return (result as { items: unknown }).items;
}

async function fill(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

describe('the artifact collector', () => {
  it.each([false, true])('brings back regular files in code-unit order (root as a descriptor: %s)', async (byDescriptor) => {
    await fill({
      'b.txt': 'b',
      'a/x': 'ax',
      'a.txt': 'a',
      'a-b': 'hyphen',
      ä: 'umlaut',
      '\u{1F600}': 'astral',
      '\uFF5E': 'bmp',
      empty: '',
    });
    expect(collect({}, root, byDescriptor)).toEqual([
      ['file', 'a-b', 6, 'hyphen'],
      ['file', 'a.txt', 1, 'a'],
      ['file', 'a/x', 2, 'ax'],
      ['file', 'b.txt', 1, 'b'],
      ['file', 'empty', 0, ''],
      ['file', 'ä', 6, 'umlaut'],
      ['file', '\u{1F600}', 6, 'astral'],
      ['file', '\uFF5E', 3, 'bmp'],
    ]);
  });

  it('follows no link and opens nothing but regular files', async () => {
    await fill({ 'real/file': 'x' });
    await symlink('/etc/passwd', join(root, 'link'));
    await symlink('/etc', join(root, 'folder-link'));
    await symlink('real/file', join(root, 'inner-link'));
    await symlink('nowhere', join(root, 'broken-link'));
    await link(join(root, 'real/file'), join(root, 'hard'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const omitted = ['broken-link', 'folder-link', 'inner-link', 'link', 'pipe'].map((path) => [
      'omitted',
      path,
      'not-a-regular-file',
      null,
    ]);
    expect(collect()).toEqual(expect.arrayContaining([...omitted, ['file', 'hard', 1, 'x'], ['file', 'real/file', 1, 'x']]));
    expect(collect()).toHaveLength(7);
  });

  it('omits names that a result may not carry', async () => {
    const names = ['a\\b', 'a\nb', 'c:d', '\u007f'];
    await Promise.all(names.map((name) => writeFile(join(root, name), '')));
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff])]), '');
    await mkdir(join(root, 'bad\tfolder'));
    await writeFile(join(root, 'bad\tfolder', 'inside'), '');
    const shown = ['a�b', 'a�b', 'bad�folder', 'f�', '�', '�:d'];
    expect(collect()).toEqual(shown.map((path) => ['omitted', path, 'name-not-allowed', null]));
  });

  it('omits paths of more than 512 bytes under a shortened name', async () => {
    const folder = ['f'.repeat(200), 'g'.repeat(200), 'é'.repeat(60)].join('/');
    await fill({ [`${folder}/x`]: '' });
    expect(collect()).toEqual([['omitted', `${folder.slice(0, 402)}${'é'.repeat(53)}�`, 'name-not-allowed', null]]);
  });

  it('keeps the limits on count, size and total, and goes on with what still fits', async () => {
    await fill({ a: 'x'.repeat(40), b: 'x'.repeat(101), c: 'x'.repeat(70), d: 'x'.repeat(60), e: 'x' });
    expect(collect({ artifactBytes: 100, artifactTotalBytes: 100, artifactCount: 2 })).toEqual([
      ['file', 'a', 40, expect.any(String)],
      ['omitted', 'b', 'size-limit', 101],
      ['omitted', 'c', 'total-size-limit', 70],
      ['file', 'd', 60, expect.any(String)],
      ['omitted', 'e', 'count-limit', 1],
    ]);
  });

  it.each([
    [
      1,
      [
        ['file', 'top', 1, 't'],
        ['omitted', 'a', 'depth-limit', null],
      ],
    ],
    [
      2,
      [
        ['file', 'a/file', 1, 'f'],
        ['omitted', 'a/b', 'depth-limit', null],
      ],
    ],
    [3, [['file', 'a/b/file', 1, 'f']]],
  ])('goes %i folders deep', async (artifactDepth, expected) => {
    await fill({ top: 't', 'a/file': 'f', 'a/b/file': 'f' });
    await mkdir(join(root, 'a/b/c'));
    await mkdir(join(root, 'empty'));
    const items = collect({ artifactDepth });
    expect(items).toEqual(expect.arrayContaining(expected));
    expect(items).toHaveLength(artifactDepth === 2 ? 3 : artifactDepth === 1 ? 2 : 3);
  });

  it('names at most 1000 omissions', async () => {
    await Promise.all(Array.from({ length: 1100 }, (_, index) => symlink('x', join(root, `link-${index}`))));
    expect(collect()).toHaveLength(1000);
  });

  it('looks at no more than 20000 entries', () => {
    execFileSync('sh', ['-c', 'mkdir d && cd d && seq 20100 | xargs touch'], { cwd: root });
    const items = collect();
    expect(items).toHaveLength(1000 + 100);
    expect(items).toEqual(expect.arrayContaining([['omitted', '', 'count-limit', null]]));
  });

  it('gives nothing for a folder that is not there, and names a root that is a link or a file', async () => {
    await fill({ file: 'x' });
    await symlink('/etc', join(root, 'link'));
    expect(collect({}, join(root, 'nowhere'))).toEqual([]);
    expect(collect({}, join(root, 'link'))).toEqual([['omitted', '', 'not-a-regular-file', null]]);
    expect(collect({}, join(root, 'file'))).toEqual([['omitted', '', 'not-a-regular-file', null]]);
  });
});
