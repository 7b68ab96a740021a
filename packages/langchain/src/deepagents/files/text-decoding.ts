/** The text that bytes are, or nothing where they are none: a mark of the byte order stays. */
export function decodedText(content: Uint8Array): string | undefined {
  if (content.subarray(0, 8192).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
