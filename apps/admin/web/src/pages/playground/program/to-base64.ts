/** As many bytes at a time as a call takes for parameters, in whole groups of three. */
const PIECE_BYTES = 24_576;

/** Bytes in base64. */
export function toBase64(bytes: Uint8Array): string {
  let base64 = '';
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) base64 += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES)));
  return base64;
}
