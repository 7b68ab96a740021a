/** A link of a Markdown page to something inside the clone. */
export interface RelativeLink {
  /** Path relative to the page; empty for a heading of the same page. */
  readonly path: string;
  /** Name of a heading, without `#`; empty when there is none. */
  readonly heading: string;
}

/** Text without fenced code and code spans, in which brackets are not links and `#` is no heading. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1$/gm, '').replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
}

/** Links and pictures of a page that lead to files or headings of the clone. Addresses of the web are not among them. */
export function relativeLinks(markdown: string): RelativeLink[] {
  const prose = proseOf(markdown);
  const inline = [...prose.matchAll(/\]\(<?([^()\s<>]+)>?(?:\s+"[^"]*")?\)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?$/gm)];
  // Pictures that differ by theme can be written as HTML only.
  const pictures = [...prose.matchAll(/\b(?:src|srcset)="([^"\s]+)"/g)];
  return [...inline, ...references, ...pictures]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .map((target) => {
      const [path = '', heading = ''] = target.split('#');
      return { path: decodeURIComponent(path), heading };
    });
}

/** The names under which a page's headings can be linked to, as GitHub makes them. */
export function headingNames(markdown: string): string[] {
  const seen = new Map<string, number>();
  const text = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1$/gm, '');
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => {
    const name = (match[1] ?? '')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

/** Pages by path from the root of the clone; `exists` answers for everything else. */
export interface Clone {
  readonly pages: ReadonlyMap<string, string>;
  readonly exists: (path: string) => boolean;
}

/** One sentence for each link that leads nowhere. */
export function findDeadLinks({ pages, exists }: Clone): string[] {
  return [...pages].flatMap(([page, markdown]) =>
    relativeLinks(markdown).flatMap(({ path, heading }) => {
      const target = path === '' ? page : resolveFrom(page, path);
      if (target === undefined) return [`${page} links to ${path}, outside the clone`];
      if (!pages.has(target) && !exists(target)) return [`${page} links to ${target}, which does not exist`];
      const targetPage = pages.get(target);
      if (heading === '' || targetPage === undefined || headingNames(targetPage).includes(heading)) return [];
      return [`${page} links to ${target}#${heading}, but there is no such heading`];
    }),
  );
}

function resolveFrom(page: string, path: string): string | undefined {
  const parts = path.startsWith('/') ? [] : page.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
