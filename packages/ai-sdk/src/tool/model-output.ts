import { Buffer } from 'node:buffer';
import { imageMediaType, type CodeToolOutcome, type ModelAnswer } from '@sandport/agent';
import type { JSONValue, ToolResultPart } from 'ai';
import type { ImageBudget } from './image-budget.ts';

/** What the AI SDK sends to a model of a call. */
export type ModelOutput = ToolResultPart['output'];

/**
 * The compact answer, as JSON; marked as an error when the program did not complete. Where images are wanted and there are any: the answer as a text, and the images.
 *
 * An outcome may come back from where messages are stored as JSON. Its answer is plain JSON and the same then; the bytes of its artifacts are not, and are left out.
 */
export function modelOutput({ model, result }: CodeToolOutcome, budget: ImageBudget): ModelOutput {
  const images = (result?.artifacts.files ?? []).flatMap(({ content }) => imagePart(content, budget)).slice(0, budget.count);
  if (images.length > 0) return { type: 'content', value: [{ type: 'text', text: JSON.stringify(model) }, ...images] };
  return { type: model.status === 'completed' ? 'json' : 'error-json', value: jsonOf(model) };
}

function imagePart(content: unknown, { bytes }: ImageBudget): Extract<ModelOutput, { type: 'content' }>['value'] {
  if (!(content instanceof Uint8Array) || content.byteLength > bytes) return [];
  const mediaType = imageMediaType(content);
  if (mediaType === undefined) return [];
  return [{ type: 'file', mediaType, data: { type: 'data', data: Buffer.from(content).toString('base64') } }];
}

function jsonOf({ artifacts, ...answer }: ModelAnswer): JSONValue {
  const { notes, ...rest } = answer;
  return {
    ...rest,
    ...(artifacts === undefined ? {} : { artifacts: artifacts.map((artifact) => ({ ...artifact })) }),
    ...(notes === undefined ? {} : { notes: [...notes] }),
  };
}
