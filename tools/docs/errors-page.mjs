// @ts-check

/** @import { ErrorCodeFacts } from '../../packages/core/dist/index.js' */

const introduction = `# Errors

What a program did is a result. What Sandport could not do is thrown: one class, \`SandboxError\`, with one of these codes. Branch on
\`code\`, never on the message. \`error.suggestion\` says what to do next, and \`error.cause\` holds the failure underneath.

| Code | HTTP status | Retry may help | Meaning |
| --- | --- | --- | --- |
`;

const explanation = `
- **HTTP status** is what an HTTP service of Sandport answers with.
- **Retry may help** says whether the same call may succeed later without anybody changing anything; it is \`error.retryable\`. A retry is safe only
  for what had not started: Sandport itself never starts a program twice, unless its caller marked the request \`repeatable\`.

This page is made from the table \`ERROR_CODES\` by \`npm run docs\`.
`;

/**
 * @param {Readonly<Record<string, ErrorCodeFacts>>} codes
 * @returns {string} the page in Markdown
 */
export function renderErrorsPage(codes) {
  const rows = Object.entries(codes).map(
    ([code, { httpStatus, retryable, meaning }]) => `| \`${code}\` | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${meaning} |\n`,
  );
  return `${introduction}${rows.join('')}${explanation}`;
}
