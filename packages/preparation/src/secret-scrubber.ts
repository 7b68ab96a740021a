import { formsOfSecret } from './secret-forms.ts';

const REDACTED = '[redacted]';

/** A secret that is shorter cannot be told from ordinary text. */
const MIN_SECRET_LENGTH = 4;

/** So many characters in a row of a secret are taken for a piece of it: texts are cut and wrapped before they arrive here. */
const PIECE_LENGTH = 8;

/** Takes secrets out of texts, also pieces of them, and also as JSON, inspection, URLs, base64 and hexadecimal digits write them. */
export class SecretScrubber {
  readonly #forms = new Set<string>();

  /** Takes note of secrets. Those shorter than four characters are not looked for. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      if (secret.length < MIN_SECRET_LENGTH) continue;
      for (const form of formsOfSecret(secret)) if (form.length >= MIN_SECRET_LENGTH) this.#forms.add(form);
    }
  }

  /** The text with `[redacted]` in the place of every secret. */
  scrub(text: string): string {
    const isSecret = new Uint8Array(text.length);
    for (const form of this.#forms) mark(text, form, isSecret);
    let scrubbed = '';
    for (let index = 0; index < text.length; index += 1) {
      if (isSecret[index] === 0) scrubbed += text[index];
      else if (index === 0 || isSecret[index - 1] === 0) scrubbed += REDACTED;
    }
    return scrubbed;
  }
}

/** Marks every place of the text that is covered by a piece of the form. */
function mark(text: string, form: string, isSecret: Uint8Array): void {
  const length = Math.min(form.length, PIECE_LENGTH);
  for (let at = 0; at + length <= text.length; at += 1) {
    if (form.includes(text.slice(at, at + length))) isSecret.fill(1, at, at + length);
  }
}
