import type { Artifact } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { ArtifactShelf } from './artifact-shelf.ts';

function file(path: string, bytes = 1): Artifact {
  return { path, mediaType: 'text/plain', sizeBytes: bytes, content: new Uint8Array(bytes) };
}

describe('a shelf', () => {
  test('gives each file an id of its own, also two of one name', () => {
    const shelf = new ArtifactShelf({ count: 10, bytes: 100 });
    expect(shelf.add([file('a'), file('a')])).toEqual(['artifact-1', 'artifact-2']);
    expect(shelf.add([file('b')])).toEqual(['artifact-3']);
    expect(shelf.get('artifact-3')?.path).toBe('b');
    expect(shelf.get('b')).toBeUndefined();
  });

  test('lets go of the oldest when there are too many', () => {
    const shelf = new ArtifactShelf({ count: 2, bytes: 100 });
    shelf.add([file('a'), file('b'), file('c')]);
    expect(shelf.all.map(({ artifact }) => artifact.path)).toEqual(['b', 'c']);
    expect(shelf.get('artifact-1')).toBeUndefined();
  });

  test('lets go of the oldest when they are too large together', () => {
    const shelf = new ArtifactShelf({ count: 10, bytes: 100 });
    shelf.add([file('a', 60), file('b', 30), file('c', 30)]);
    expect(shelf.all.map(({ id }) => id)).toEqual(['artifact-2', 'artifact-3']);
    shelf.add([file('d', 40)]);
    expect(shelf.all.map(({ id }) => id)).toEqual(['artifact-2', 'artifact-3', 'artifact-4']);
  });

  test('does not empty itself for a file that never fits', () => {
    const shelf = new ArtifactShelf({ count: 10, bytes: 100 });
    expect(shelf.add([file('a', 50), file('b', 101), file('c', 50)])).toEqual(['artifact-1', undefined, 'artifact-2']);
  });
});
