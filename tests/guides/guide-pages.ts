import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../tools/setup/repository.mjs';
import { readGuide, type GuideStep } from './guide-steps.ts';

/** A page that somebody follows to the letter, or one section of it. */
interface GuidePage {
  readonly page: string;
  /** Heading of the one section that is followed. */
  readonly section?: string;
}

const PAGES: readonly GuidePage[] = [
  { page: 'README.md', section: 'Three lines in an agent' },
  { page: 'docs/getting-started/agent-developer.md' },
  { page: 'docs/getting-started/operator.md' },
  { page: 'docs/getting-started/provider-author.md' },
  { page: 'docs/providers/wasm.md' },
  { page: 'docs/providers/docker.md' },
  { page: 'docs/providers/self-managed.md' },
];

/** A guide with what it asks its reader to do. */
export interface Guide {
  readonly page: string;
  readonly steps: readonly GuideStep[];
}

/** Every guide that tests follow. */
export function readGuides(): Guide[] {
  return PAGES.map(({ page, section }) => {
    const markdown = readFileSync(path.join(repositoryRoot, page), 'utf8');
    return { page, steps: readGuide(page, section === undefined ? markdown : sectionOf(page, markdown, section)) };
  });
}

/** The page with empty lines in the place of all other sections, so that the numbers of its lines stay. */
function sectionOf(page: string, markdown: string, section: string): string {
  const lines = markdown.split('\n');
  const from = lines.indexOf(`## ${section}`);
  if (from < 0) throw new Error(`${page} has no section "${section}"`);
  const next = lines.findIndex((line, index) => index > from && line.startsWith('## '));
  return lines.map((line, index) => (index > from && (next < 0 || index < next) ? line : '')).join('\n');
}
