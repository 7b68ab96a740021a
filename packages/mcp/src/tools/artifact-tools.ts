import { z } from 'zod';
import { artifactContent, type ReadLimits } from '../artifacts/artifact-content.ts';
import type { ArtifactShelf } from '../artifacts/artifact-shelf.ts';
import { checkedTool, refusedCall, type ServerTool } from './server-tool.ts';

/** Artifacts that one listing names. */
const MAX_LISTED = 100;

/** Lists and reads what the programs of a session left. */
export function artifactTools(shelf: ArtifactShelf, limits: ReadLimits): ServerTool[] {
  return [
    checkedTool({
      name: 'list_artifacts',
      description: 'Lists the files that programs of this session left in artifacts/: id, name, media type and size, the newest last.',
      schema: z.strictObject({}),
      annotations: { readOnlyHint: true, openWorldHint: false },
      run: () => ({ content: [{ type: 'text', text: JSON.stringify(listing(shelf)) }] }),
    }),
    checkedTool({
      name: 'read_artifact',
      description: `Reads a file that a program left, by its id. A text comes in parts of ${limits.characters} characters, beginning at "offset"; an image is shown; other files come as bytes, ${limits.bytes} at most.`,
      schema: z.strictObject({
        id: z.string().max(40).describe('Id of the artifact, for example artifact-1.'),
        offset: z.int().min(0).default(0).describe('Character of a text at which to begin.'),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
      run: ({ id, offset }) => {
        const artifact = shelf.get(id);
        if (artifact === undefined)
          return refusedCall('id: no artifact of this session has it, or not any more. Ask list_artifacts for those that are there.');
        return { content: artifactContent(id, artifact, offset, limits) };
      },
    }),
  ];
}

function listing(shelf: ArtifactShelf): object {
  const { all } = shelf;
  const artifacts = all
    .slice(-MAX_LISTED)
    .map(({ id, artifact: { path, mediaType, sizeBytes } }) => ({ id, name: path, mediaType, sizeBytes }));
  return { artifacts, ...(all.length > MAX_LISTED ? { older: all.length - MAX_LISTED } : {}) };
}
