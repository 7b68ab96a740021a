// @ts-check
import { ERROR_ADVICE } from './error-advice.mjs';

/** @import { ErrorCodeFacts, SandboxErrorCode } from '../../packages/core/dist/index.js' */

const introduction = `# Errors

What a program did is a result. What Sandport could not do is thrown: one class, \`SandboxError\`, with one of these codes. Branch on
\`code\`, never on the message. \`error.suggestion\` says what to do next in the very case, and \`error.cause\` holds the failure underneath. Each code has a
heading of its own below, to be linked to: \`docs/errors.md#capacity_exhausted\`. Who has a text and no code looks into [troubleshooting](troubleshooting.md).

| Code | HTTP status | Retry may help | Mended by | Meaning |
| --- | --- | --- | --- | --- |
`;

const explanation = `
- **HTTP status** is what an HTTP service of Sandport answers with; [what only a service has](http-api.md#problems) is not in this table.
- **Retry may help** says whether the same call may succeed later without anybody changing anything; it is \`error.retryable\`. A retry is safe only
  for what had not started: Sandport itself never starts a program twice, unless its caller marked the request \`repeatable\`.
- **Mended by** says whose change helps most often: the \`caller\` is the program that calls, the \`operator\` owns the configuration, the \`far side\` is the engine or
  the service and whoever runs it.

This page is made by \`npm run docs\` from the table \`ERROR_CODES\` and from [what is said of each code](../tools/docs/error-advice.mjs).
`;

/**
 * @param {Readonly<Record<SandboxErrorCode, ErrorCodeFacts>>} codes
 * @returns {string} the page in Markdown
 */
export function renderErrorsPage(codes) {
  const all = /** @type {[SandboxErrorCode, ErrorCodeFacts][]} */ (Object.entries(codes));
  const rows = all.map(([code, { httpStatus, retryable, meaning }]) => {
    const { mendedBy } = ERROR_ADVICE[code];
    return `| [\`${code}\`](#${code.toLowerCase()}) | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${mendedBy} | ${meaning} |\n`;
  });
  return `${introduction}${rows.join('')}${explanation}${all.map(sectionOf).join('')}`;
}

/** @param {[SandboxErrorCode, ErrorCodeFacts]} entry */
function sectionOf([code, { meaning }]) {
  const { cause, advice } = ERROR_ADVICE[code];
  return `\n## \`${code}\`\n\n${meaning}\n\n- **Cause:** ${cause}\n- **What to do:** ${advice}\n`;
}
