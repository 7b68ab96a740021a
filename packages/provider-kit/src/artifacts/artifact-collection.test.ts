import { expect, it } from 'vitest';
import { artifactCollection, ARTIFACTS_NOT_COLLECTED } from './artifact-collection.ts';

it('sorts by code units, sizes and types what came', () => {
  const content = new Uint8Array([1, 2]);
  const collection = artifactCollection(
    ['b.csv', 'a/x.png', 'Z', 'a.JSON'].map((path) => ({ path, content })),
    [],
  );
  expect(collection.files.map(({ path, mediaType, sizeBytes }) => [path, mediaType, sizeBytes])).toEqual([
    ['Z', 'application/octet-stream', 2],
    ['a.JSON', 'application/json', 2],
    ['a/x.png', 'image/png', 2],
    ['b.csv', 'text/csv', 2],
  ]);
  expect(collection.complete).toBe(true);
});

it('is not complete when something was left behind', () => {
  const omitted = [
    { path: 'b', reason: 'size-limit', sizeBytes: 9 },
    { path: 'a', reason: 'not-a-regular-file', sizeBytes: null },
  ] as const;
  expect(artifactCollection([], omitted)).toMatchObject({ complete: false, omitted: [{ path: 'a' }, { path: 'b' }] });
  expect(ARTIFACTS_NOT_COLLECTED.complete).toBe(false);
});
