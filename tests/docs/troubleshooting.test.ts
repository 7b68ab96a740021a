import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../packages/core/src/index.ts';
import { SERVICE_PROBLEMS } from '../../packages/executor-api/src/index.ts';
import { commandLinesOf, faultOf, programToLookAt } from './command-lines.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(path.join(root, 'docs/troubleshooting.md'), 'utf8');
const texts = /<!-- texts -->([\s\S]*?)<!-- \/texts -->/.exec(page)?.[1] ?? '';

/** Rows that say what a text of ours means. */
const rows = texts
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
  .map(([text = '', ...cells]) => ({ text: text.slice(1, -1), cells }));

/** Every published source of packages and apps; quotes as they are shown, not as they are escaped. */
const sources = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(path.join(root, folder)).flatMap((name) => {
    const below = path.join(root, folder, name, 'src');
    return readdirSync(below, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(path.join(below, file), 'utf8').replaceAll(/\\(['"`])/g, '$1'));
  }),
);

/** The fixed parts of a text, in their order, on one line. */
function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(parts.join('[^\\n]*?'));
}

function isInSources(text: string): boolean {
  const pattern = patternOf(text);
  return sources.some((source) => pattern.test(source));
}

/** What health reports say of something that is not well, as far as it has words of its own. */
const findings = sources
  .flatMap((source) => [...source.matchAll(/'(?:failed|warning)',\s*message:\s*([`'])(.*?)\1[, ]/gs)])
  .map(([, , message = '']) => message)
  .filter((message) => /[a-z]/.test(message.replaceAll(/\$\{[^}]*\}/g, '')));

describe('docs/troubleshooting.md', () => {
  test('has rows of five cells', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter(({ cells }) => cells.length !== 4)).toEqual([]);
  });

  test.each(rows.map(({ text }) => text))('%s is said by the sources', (text) => {
    expect(text.replaceAll('…', '').trim().length).toBeGreaterThan(10);
    expect(isInSources(text)).toBe(true);
  });

  test('has every finding of health reports, the doctor’s among them', () => {
    expect(findings.length).toBeGreaterThan(15);
    const patterns = rows.map(({ text }) => patternOf(text));
    expect(findings.filter((finding) => !patterns.some((pattern) => pattern.test(finding)))).toEqual([]);
  });

  test('a text that nobody says is found', () => {
    expect(isInSources('The engine has no … that nobody ever wrote.')).toBe(false);
  });

  test('names codes that there are', () => {
    const known = new Set(['', ...Object.keys(ERROR_CODES), ...Object.keys(SERVICE_PROBLEMS)]);
    expect(rows.map(({ cells: [code = ''] }) => /`([^`]+)`/.exec(code)?.[1] ?? code).filter((code) => !known.has(code))).toEqual([]);
  });

  test('names commands that there are', () => {
    const program = programToLookAt();
    const lines = commandLinesOf(page);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.flatMap((line) => faultOf(program, line) ?? [])).toEqual([]);
    expect(faultOf(program, 'sandport config wish')).toContain('wish');
    expect(faultOf(program, 'sandport doctor --wish')).toContain('--wish');
  });
});
