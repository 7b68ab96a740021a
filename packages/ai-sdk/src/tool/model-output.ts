import { Buffer } from 'node:buffer';
import { imageMediaType } from '@sandport/agent';
import type { ToolResultPart } from 'ai';
import { z } from 'zod';
import type { ImageBudget } from './image-budget.ts';

/** What the AI SDK sends to a model of a call. */
export type ModelOutput = ToolResultPart['output'];

/** What is needed of an outcome. It may come back from where somebody else kept it, and is checked. */
const outcomeSchema = z.object({
  model: z.record(z.string(), z.json()).refine(({ status }) => typeof status === 'string'),
  result: z.object({ artifacts: z.object({ files: z.array(z.object({ content: z.unknown() })) }) }).nullish(),
});

/**
 * The compact answer, as JSON; marked as an error when the program did not complete. Where images are wanted and there are any: the answer as a text, and the images.
 *
 * An outcome may come back from where messages are stored as JSON. Its answer is plain JSON and the same then; the bytes of its artifacts are not, and are left out.
 */
export function modelOutput(outcome: unknown, budget: ImageBudget): ModelOutput {
  const parsed = outcomeSchema.safeParse(outcome);
  if (!parsed.success) return { type: 'error-text', value: 'What this call gave was not kept as it was, and cannot be told.' };
  const { model, result } = parsed.data;
  const images = (result?.artifacts.files ?? []).flatMap(({ content }) => imagePart(content, budget)).slice(0, budget.count);
  if (images.length > 0) return { type: 'content', value: [{ type: 'text', text: JSON.stringify(model) }, ...images] };
  return { type: model['status'] === 'completed' ? 'json' : 'error-json', value: model };
}

function imagePart(content: unknown, { bytes }: ImageBudget): Extract<ModelOutput, { type: 'content' }>['value'] {
  if (!(content instanceof Uint8Array) || content.byteLength > bytes) return [];
  const mediaType = imageMediaType(content);
  if (mediaType === undefined) return [];
  return [{ type: 'file', mediaType, data: { type: 'data', data: Buffer.from(content).toString('base64') } }];
}
