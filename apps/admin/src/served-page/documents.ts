import { createHash, randomBytes } from 'node:crypto';
import { PAGE_FACTS_ID, type PageFacts } from '@sandport/admin-api';
import { pagePolicy } from '../server/security-headers.ts';
import { pack, type PageFile } from './page-files.ts';

/** A document, ready to be sent. */
export interface MadeDocument {
  readonly policy: string;
  readonly body: Buffer;
  readonly packed: PageFile['packed'];
}

/** Makes a document for somebody. */
export type DocumentMaker = (facts: PageFacts | undefined) => Promise<MadeDocument>;

const NONCE_BYTES = 16;
const HEAD_BEGINS = '<head>';
const HEAD_ENDS = '</head>';

/**
 * The document of the app, with the word by which its styles are known: where it has a place for it, or else at the beginning of its head. It is not packed: what is in it is secret in part
 * and in part what others have written, and the length of both packed together would tell of the secret.
 */
export function appDocument({ body }: PageFile): DocumentMaker {
  const text = withNoncePlace(body.toString('utf8'));
  const at = (/(?<=<meta name="csp-nonce" content=")(?=")/.exec(text) as RegExpExecArray).index;
  return async (facts) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const whole = withFacts(`${text.slice(0, at)}${nonce}${text.slice(at)}`, facts);
    return { policy: pagePolicy({ styles: [`'nonce-${nonce}'`] }), body: Buffer.from(whole), packed: {} };
  };
}

/** The document of the sign-in page, which has script and style in it. It says the same to everybody, and is packed once for all of them. */
export function signInDocument({ body }: PageFile, ahead: readonly string[]): DocumentMaker {
  const text = body.toString('utf8');
  const policy = pagePolicy({ scripts: hashesIn(text, 'script'), styles: hashesIn(text, 'style') });
  let former: { readonly whole: string; readonly made: Promise<MadeDocument> } | undefined;
  return (facts) => {
    const whole = withFacts(text, facts === undefined ? undefined : { ...facts, ahead });
    if (former?.whole !== whole) {
      const content = Buffer.from(whole);
      former = { whole, made: pack(content).then((packed) => ({ policy, body: content, packed })) };
    }
    return former.made;
  };
}

/** Files that a document begins with. */
export function filesOf({ body }: PageFile): readonly string[] {
  return [...body.toString('utf8').matchAll(/ (?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file = '']) => file);
}

function withNoncePlace(text: string): string {
  return text.includes('<meta name="csp-nonce" content="">') || text.includes('<meta name="csp-nonce" content="" />')
    ? text
    : inserted(text, indexIn(text, HEAD_BEGINS) + HEAD_BEGINS.length, '<meta name="csp-nonce" content="">');
}

/** No text in it can end the element, or begin a comment in it. */
function withFacts(text: string, facts: PageFacts | undefined): string {
  if (facts === undefined) return text;
  const json = JSON.stringify(facts).replaceAll('<', String.raw`\u003c`);
  return inserted(text, indexIn(text, HEAD_ENDS), `<script type="application/json" id="${PAGE_FACTS_ID}">${json}</script>`);
}

function indexIn(text: string, mark: string): number {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`The built page has no ${mark}: build it again.`);
  return at;
}

function inserted(text: string, at: number, added: string): string {
  return `${text.slice(0, at)}${added}${text.slice(at)}`;
}

function hashesIn(text: string, element: 'script' | 'style'): string[] {
  return [...text.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))].map(
    ([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
  );
}
