import { Buffer } from 'node:buffer';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { imageMediaType } from '@sandport/agent';
import type { Artifact } from '@sandport/core';

/** How much of one artifact is handed over in one call. */
export interface ReadLimits {
  /** Of text, in UTF-16 code units. */
  readonly characters: number;
  /** Of anything else. */
  readonly bytes: number;
}

/** Media types that are text without being called so. */
const TEXT_TYPE = /^text\/|^application\/(?:json|xml|javascript|x-ndjson|yaml|sql)$|\+(?:json|xml)$/;

/** An artifact as a model may read it: a part of a text, an image, or bytes. What is too large is said so, and not cut. */
export function artifactContent(id: string, artifact: Artifact, offset: number, limits: ReadLimits): CallToolResult['content'] {
  const { path, mediaType, content } = artifact;
  const text = TEXT_TYPE.test(mediaType) ? decoded(content) : undefined;
  if (text !== undefined) return [{ type: 'text', text: partOf(text, offset, limits.characters) }];
  if (content.byteLength > limits.bytes)
    return [{ type: 'text', text: `This file has ${content.byteLength} bytes; ${limits.bytes} can be read at most.` }];
  const data = Buffer.from(content).toString('base64');
  const imageType = imageMediaType(content);
  if (imageType !== undefined) return [{ type: 'image', data, mimeType: imageType }];
  return [
    {
      type: 'resource',
      resource: { uri: `sandport-artifact:${id}/${encodeURIComponent(path)}`, mimeType: 'application/octet-stream', blob: data },
    },
  ];
}

function decoded(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function partOf(text: string, offset: number, characters: number): string {
  const end = offset + characters;
  const part = text.slice(offset, end).toWellFormed();
  return end < text.length ? `${part}\n[… ${text.length - end} characters more; read on with "offset": ${end} …]` : part;
}
