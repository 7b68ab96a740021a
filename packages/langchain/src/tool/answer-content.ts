import { Buffer } from 'node:buffer';
import type { ContentBlock } from '@langchain/core/messages';
import { imageMediaType, type CodeToolOutcome } from '@sandport/agent';
import type { ImageLimits } from './tool-options.ts';

/** JSON, or blocks of which the first is that. */
export type AnswerContent = string | ContentBlock[];

/** What the model is shown of a call: the compact answer as JSON, and images in blocks of their own where they are wanted. */
export function answerContent({ model, result }: CodeToolOutcome, limits: ImageLimits): AnswerContent {
  const text = JSON.stringify(model);
  const images = (result?.artifacts.files ?? [])
    .flatMap(({ content }, index) => {
      const mimeType = content.byteLength > limits.imageBytes ? undefined : imageMediaType(content);
      // What is not listed is not shown either: nobody could tell which it is.
      const name = model.artifacts?.[index]?.name;
      return mimeType === undefined || name === undefined ? [] : [{ name, mimeType, content }];
    })
    .slice(0, limits.imageCount);
  if (images.length === 0) return text;
  return [
    { type: 'text', text },
    ...images.flatMap(({ name, mimeType, content }): ContentBlock[] => [
      { type: 'text', text: `${name}:` },
      { type: 'image', mimeType, data: Buffer.from(content).toString('base64') },
    ]),
  ];
}
