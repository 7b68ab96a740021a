/** Where something stands in a page, for whoever has to mend it: `docs/page.md:12`. */
export type Place = string;

/** A file that the reader writes. */
export interface FileStep {
  readonly kind: 'file';
  readonly place: Place;
  readonly name: string;
  readonly content: string;
}

/** Commands that the reader types. */
export interface CommandStep {
  readonly kind: 'commands';
  readonly place: Place;
  readonly script: string;
  /** Whether they are carried out only where there is a Docker engine: they need it, or are of use only to others that do. */
  readonly needsEngine: boolean;
  /** Whether they go on running, as a server does, while the reader goes on. */
  readonly staysUp: boolean;
  /** What the page says that they print. */
  readonly printed: string | undefined;
}

/** A block that the reader is shown, and that no test carries out. */
export interface LeftOutStep {
  readonly kind: 'left-out';
  readonly place: Place;
  readonly reason: string;
  /** The first line of the block. */
  readonly firstLine: string;
}

/** What a guide asks its reader to do, in order. */
export type GuideStep = FileStep | CommandStep | LeftOutStep;

/** Marks in comments, which no reader sees. What stands behind the colon belongs to the block that follows. */
const MARKS = ['file', 'needs', 'stays up', 'not run'] as const;

/** Comments that other tools look at. */
const FOREIGN = /^(?:\/?generated:|example:|\/?install-weight$|run: repository$)/;

interface Block {
  readonly place: Place;
  readonly language: string;
  readonly text: string;
  readonly marks: ReadonlyMap<string, string>;
}

/**
 * Reads the steps of a guide. Nothing in it is passed over: each block of code is a file, commands, what they print, or is marked as not run, with the reason.
 *
 * @param page its path, for the places
 * @throws Error naming the place of a block or a mark that has no meaning.
 */
export function readGuide(page: string, markdown: string): GuideStep[] {
  const steps: GuideStep[] = [];
  let former: Block | undefined;
  for (const block of readBlocks(page, markdown)) {
    const isPrinted = block.language === 'text' && block.marks.size === 0;
    if (isPrinted) steps.push(withPrinted(steps.pop(), block, former));
    else steps.push(stepOf(block));
    former = block;
  }
  return steps;
}

function stepOf({ place, language, text, marks }: Block): GuideStep {
  const reason = marks.get('not run');
  const name = marks.get('file');
  if (reason !== undefined) {
    if (reason === '' || marks.size > 1) throw new Error(`${place}: what is not run has a reason, and no other mark`);
    return { kind: 'left-out', place, reason, firstLine: text.split('\n')[0] ?? '' };
  }
  if (name !== undefined) {
    if (!/^[\w.-]+$/.test(name) || marks.size > 1) throw new Error(`${place}: a file has a plain name, and no other mark`);
    return { kind: 'file', place, name, content: text };
  }
  if (language !== 'sh') throw new Error(`${place}: a block of "${language}" is a file, what is printed, or marked as not run`);
  const needs = marks.get('needs');
  if (needs !== undefined && needs !== 'engine') throw new Error(`${place}: commands can need an engine, and nothing else`);
  return { kind: 'commands', place, script: text, needsEngine: needs !== undefined, staysUp: marks.has('stays up'), printed: undefined };
}

function withPrinted(step: GuideStep | undefined, { place, text }: Block, former: Block | undefined): CommandStep {
  if (step?.kind !== 'commands' || former?.language !== 'sh') throw new Error(`${place}: what is printed stands behind its commands`);
  return { ...step, printed: text };
}

function readBlocks(page: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let marks = new Map<string, string>();
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const place = `${page}:${index + 1}`;
    const mark = /^\s*<!-- (.+) -->$/.exec(line)?.[1];
    if (open !== undefined) {
      if (line !== '```') {
        open.lines.push(line);
        continue;
      }
      const { language, lines } = open;
      if (language !== 'mermaid') blocks.push({ place: `${page}:${open.line}`, language, text: `${lines.join('\n')}\n`, marks });
      marks = new Map();
      open = undefined;
    } else if (line.startsWith('```')) {
      open = { language: line.slice(3), line: index + 1, lines: [] };
    } else if (/^\s+```/.test(line)) {
      throw new Error(`${place}: a block stands at the beginning of its line`);
    } else if (mark !== undefined && !FOREIGN.test(mark)) {
      marks.set(...readMark(place, mark));
    } else if (mark === undefined && line.trim() !== '' && marks.size > 0) {
      throw new Error(`${place}: a mark stands right before its block`);
    }
  }
  if (open !== undefined || marks.size > 0) throw new Error(`${page}: ends within a block, or with a mark`);
  return blocks;
}

function readMark(place: Place, mark: string): [string, string] {
  const [name = '', ...rest] = mark.split(':');
  if (!MARKS.some((known) => known === name)) throw new Error(`${place}: "${name}" is no mark`);
  return [name, rest.join(':').trim()];
}
