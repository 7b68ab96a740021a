import { createHash } from 'node:crypto';
import type { SecretScrubber } from '../secret-scrubber.ts';

/** Longest text that is kept whole, in UTF-16 units. */
const MAX_LENGTH = 16_384;

/**
 * A text without secrets. A long one is cut, and ends with its length and the beginning of its digest, so that two long texts that differ behind the cut differ here as well.
 */
export function boundedText(text: string, scrubber: SecretScrubber): string {
  if (text.length <= MAX_LENGTH) return scrubber.scrub(text);
  // A piece of a secret at the cut is recognised by what follows it.
  const beginning = scrubber
    .scrub(text.slice(0, MAX_LENGTH + 1024))
    .slice(0, MAX_LENGTH)
    .toWellFormed();
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${beginning}…\n[cut: ${text.length} characters, SHA-256 ${digest}…]`;
}
