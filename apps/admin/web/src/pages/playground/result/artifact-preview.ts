/** An artifact as it comes over the wire. */
export interface WrittenArtifact {
  readonly path: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Base64. */
  readonly content: string;
}

/** How an artifact is shown. Whatever could run or load anything, HTML and SVG above all, is not: it can be downloaded. */
export type ArtifactPreview =
  | { readonly kind: 'image'; readonly mediaType: string }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly isCut: boolean }
  | { readonly kind: 'none' };

/** Types of pictures that are nothing but points. */
const RASTER_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'];

const TEXT_TYPES: readonly string[] = [
  'text/plain',
  'text/markdown',
  'application/json',
  'application/x-ndjson',
  'text/x-python',
  'text/x-log',
];
const TABLE_TYPES: readonly string[] = ['text/csv', 'text/tab-separated-values'];

const MAX_TEXT_LENGTH = 50_000;
const MAX_ROWS = 200;
const MAX_COLUMNS = 40;
const MAX_CELL_LENGTH = 200;

/** Decides by the media type how an artifact is shown. The type is a hint of the program: nothing harmful comes of a wrong one. */
export function previewOf({ mediaType, content }: WrittenArtifact): ArtifactPreview {
  const type = mediaType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (RASTER_TYPES.includes(type)) return { kind: 'image', mediaType: type };
  if (!TEXT_TYPES.includes(type) && !TABLE_TYPES.includes(type)) return { kind: 'none' };
  const text = textOf(content);
  if (text === undefined) return { kind: 'none' };
  if (!TABLE_TYPES.includes(type)) return { kind: 'text', text: text.slice(0, MAX_TEXT_LENGTH), isCut: text.length > MAX_TEXT_LENGTH };
  return tableOf(text, type === 'text/csv' ? ',' : '\t');
}

/** The bytes of an artifact. */
export function bytesOf(content: string): Uint8Array<ArrayBuffer> {
  const binary = atob(content);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

function textOf(content: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(content));
  } catch (error) {
    // Bytes that are no text are not shown.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Rows of a text after RFC 4180, as far as they are shown. */
function tableOf(text: string, delimiter: string): ArtifactPreview {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  let isCut = false;
  const endCell = (): void => {
    if (row.length < MAX_COLUMNS) row.push(cell.length > MAX_CELL_LENGTH ? `${cell.slice(0, MAX_CELL_LENGTH)}…` : cell);
    else isCut = true;
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (isQuoted && letter === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (isQuoted) cell += letter;
    else if (letter === delimiter) endCell();
    else if (letter === '\n') {
      endRow();
      if (rows.length === MAX_ROWS) return { kind: 'table', rows, isCut: isCut || at + 1 < text.length };
    } else if (letter !== '\r') cell += letter;
  }
  if (cell !== '' || row.length > 0) endRow();
  return { kind: 'table', rows, isCut };
}
