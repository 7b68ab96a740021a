// @ts-check
/** Programs that pages show as `examples/` has them, behind a comment that names the file: `<!-- example: examples/agent/hello.mjs -->`. */

/** Pages that show examples. */
export const EXAMPLE_PAGES = ['README.md', 'packages/client/README.md', 'docs/getting-started/agent-developer.md'];

const EXAMPLE = /(<!-- example: (examples\/[\w/.-]+) -->\n\n```\w+\n)[^]*?(```\n)/g;

/**
 * The page with its examples as they are now.
 *
 * @param {string} page
 * @param {(path: string) => string} readExample
 * @returns {string}
 * @throws {Error} when no block follows the comment
 */
export function renderExamples(page, readExample) {
  const blocks = new Set([...page.matchAll(EXAMPLE)].map(([, , path]) => path));
  const without = examplesOf(page).find((path) => !blocks.has(path));
  if (without !== undefined) throw new Error(`the page names ${without}, and has no block for it`);
  return page.replaceAll(EXAMPLE, (_, begin, path, end) => `${begin}${readExample(path).replace(/^\/\/ @ts-check\n/, '')}${end}`);
}

/**
 * @param {string} page
 * @returns {string[]} the examples that the page shows
 */
export function examplesOf(page) {
  return [...page.matchAll(/<!-- example: (\S+) -->/g)].flatMap(([, path]) => path ?? []);
}
