/** Long enough for a browser to begin with a download. */
const RELEASE_DELAY_MS = 10_000;

/** Gives a file to download. Its type says nothing, so that no browser opens it in place of saving it. */
export function downloadBytes(path: string, parts: BlobPart[]): void {
  const address = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = path.split('/').at(-1) ?? 'file';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), RELEASE_DELAY_MS);
}
