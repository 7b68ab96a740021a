import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePathProblem } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runGuestPython } from './run-program.ts';

const WRITE_AND_READ = `
import os, safe_files
job = json.loads(sys.argv[1])
root = os.open(job["root"], os.O_RDONLY)
def attempt(action):
    try:
        return action()
    except Exception as error:
        return type(error).__name__
written = attempt(lambda: safe_files.write_file(root, job["path"], b"new"))
read = attempt(lambda: safe_files.read_file(root, job["path"], job.get("maxBytes", 100)))
print(json.dumps([written, read.decode() if isinstance(read, bytes) else read]))
`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sandport-files-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const writeAndRead = (path: string, maxBytes = 100) => runGuestPython(WRITE_AND_READ, JSON.stringify({ root, path, maxBytes }));

describe('files below a folder', () => {
  it('are written with the folders on their way, and read', async () => {
    expect(writeAndRead('a/b/ä.txt')).toEqual([null, 'new']);
    await expect(readFile(join(root, 'a/b/ä.txt'), 'utf8')).resolves.toBe('new');
  });

  it('are replaced whole', async () => {
    await writeFile(join(root, 'file'), 'something longer');
    expect(writeAndRead('file')).toEqual([null, 'new']);
  });

  it('are read up to a limit', () => {
    expect(writeAndRead('file', 3)).toEqual([null, 'new']);
    expect(writeAndRead('file', 2)).toEqual([null, 'FileTooLarge']);
  });

  it('are not reached through a link, and links are not written through', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'sandport-outside-'));
    try {
      await writeFile(join(outside, 'file'), 'outside');
      await symlink(join(outside, 'file'), join(root, 'link'));
      await symlink(outside, join(root, 'folder'));
      await mkdir(join(root, 'a'));
      await symlink(outside, join(root, 'a/folder'));
      for (const path of ['link', 'folder/file', 'folder/new', 'a/folder/deep/new']) {
        expect(writeAndRead(path)).toEqual(['NotARegularFile', 'NotARegularFile']);
      }
      expect(execFileSync('ls', [outside], { encoding: 'utf8' })).toBe('file\n');
      await expect(readFile(join(outside, 'file'), 'utf8')).resolves.toBe('outside');
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('are no folders, pipes or files in place of folders', async () => {
    await mkdir(join(root, 'folder'));
    await writeFile(join(root, 'file'), 'x');
    execFileSync('mkfifo', [join(root, 'pipe')]);
    for (const path of ['folder', 'pipe', 'file/below']) expect(writeAndRead(path)).toEqual(['NotARegularFile', 'NotARegularFile']);
  });

  it('have the paths that the contract allows', () => {
    const paths = [
      'a',
      'a/b.c',
      '..a/...',
      'ä/😀',
      '',
      '/a',
      'a\\b',
      'a/../b',
      '..',
      'a//b',
      './a',
      'a/.',
      'a\u0000',
      'a\nb',
      'a\u007f',
      'c:/x',
      'c:',
      '1:x',
      'x'.repeat(513),
      'é'.repeat(256),
      'é'.repeat(257),
      '\ud800',
    ];
    const problems = runGuestPython(
      'import safe_files\nprint(json.dumps([safe_files.describe_path_problem(path) is None for path in json.loads(sys.argv[1])]))',
      JSON.stringify(paths),
    );
    expect(problems).toEqual(paths.map((path) => describePathProblem(path) === undefined));
  });
});
