// @ts-check
/** docs/README.md: every page, by who reads it. A page that is not named here is found by a test. */

/** @typedef {{ readonly page: string, readonly about: string }} IndexedPage */

/** By the three people who come here, and those that all of them need. */
const SECTIONS = [
  {
    title: 'You write an agent',
    pages: [
      { page: 'getting-started/agent-developer.md', about: 'from an empty folder to an agent that runs code' },
      { page: 'security-model.md', about: 'who attacks, where the walls stand, what is promised and which test proves it' },
      { page: 'errors.md', about: 'every code, with its cause, who mends it and what to do' },
      { page: 'observability.md', about: 'traces and metrics' },
      { page: 'performance.md', about: 'how fast it is, with what that was measured' },
      { page: 'migration-from-ragflow.md', about: 'the whole way from RAGFlow, and back' },
    ],
  },
  {
    title: 'You operate it',
    pages: [
      { page: 'getting-started/operator.md', about: 'from nothing to a sandbox that agents use' },
      { page: 'configuration.md', about: 'how the configuration is kept, changed and taken back' },
      { page: 'cli.md', about: 'the command: every verb, option and exit code' },
      { page: 'admin.md', about: 'who may do what on it, and how a configuration is tried and used' },
      { page: 'deploy.md', about: 'an executor of your own, and who holds which key' },
      { page: 'engines.md', about: 'Docker engines that were tried, and what each is good for' },
      { page: 'http-api.md', about: 'of executor and admin app, with examples' },
      { page: 'troubleshooting.md', about: 'by the text that you were shown' },
      { page: 'ragflow.md', about: 'RAGFlow at a Sandport executor, each answer of its route' },
      { page: 'reliability.md', about: 'what faults do to it' },
      { page: 'providers/wasm.md', about: 'the embedded provider' },
      { page: 'providers/docker.md', about: 'Docker with gVisor' },
      { page: 'providers/self-managed.md', about: 'the provider for an executor of your own' },
      { page: 'providers/aliyun.md', about: 'how an account is made ready, what it costs, what its errors mean' },
      { page: 'providers/e2b.md', about: 'which they are, and what each is known to support' },
    ],
  },
  {
    title: 'You write a provider, or work on Sandport',
    pages: [
      { page: 'getting-started/provider-author.md', about: 'a provider that runs programs after a minute' },
      { page: 'add-a-provider.md', about: 'from there to one that is done' },
      { page: 'releasing.md', about: 'how a version is made' },
    ],
  },
];

const introduction = `# Documentation

Every page is held to the code by tests ([how](adr/0022-guides-that-are-followed.md)). [ARCHITECTURE.md](../ARCHITECTURE.md) follows one call through the sources, [SECURITY.md](../SECURITY.md) says how to report a weakness,
[CONTRIBUTING.md](../CONTRIBUTING.md) how to work on it, and each package has a README of its own, listed in [the first one](../README.md#the-shape-of-it).
`;

/**
 * The index of the pages that there are.
 *
 * @param {ReadonlyMap<string, string>} pages Markdown by path below docs, without the index itself.
 * @returns {string}
 */
export function renderDocumentationIndex(pages) {
  const sections = SECTIONS.map(({ title, pages: listed }) => {
    const rows = listed
      .filter(({ page }) => pages.has(page))
      .map(({ page, about }) => `- [${titleOf(pages.get(page))}](${page}): ${about}`);
    return `\n## ${title}\n\n${rows.join('\n')}\n`;
  });
  const decisions = [...pages].filter(([page]) => page.startsWith('adr/')).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const rows = decisions.map(([page, text]) => `- [${titleOf(text)}](${page})`);
  return `${introduction}${sections.join('')}\n## Why it is as it is\n\n${rows.join('\n')}\n\nThis page is made by \`npm run docs\`.\n`;
}

/**
 * Pages that nobody would find.
 *
 * @param {Iterable<string>} pages
 * @returns {string[]}
 */
export function pagesWithoutPlace(pages) {
  const placed = new Set(SECTIONS.flatMap(({ pages: listed }) => listed.map(({ page }) => page)));
  return [...pages].filter((page) => !page.startsWith('adr/') && !placed.has(page));
}

/** @param {string | undefined} page */
function titleOf(page) {
  return /^# (.+)$/m.exec(page ?? '')?.[1] ?? 'without a title';
}
