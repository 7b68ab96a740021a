import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';

/** How a secret may stand in a text: as it is, and as JSON, inspection, URLs, hexadecimal digits and base64 write it. */
export function formsOfSecret(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    inspect(secret, { breakLength: Number.POSITIVE_INFINITY, maxStringLength: null }).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    bytes.toString('hex'),
    ...base64FormsOf(bytes),
  ];
}

/** A secret behind other bytes, as in the header of a basic authentication, begins at one of three places of the group of four digits. */
function base64FormsOf(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const digits = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Digits at both ends that also depend on the neighbours say nothing.
    const own = digits.slice(offset === 0 ? 0 : offset + 1, (offset + bytes.length) % 3 === 0 ? undefined : -1);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
