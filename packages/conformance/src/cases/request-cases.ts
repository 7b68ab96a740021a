import { parseExecutionRequest, REQUEST_LIMITS, type ExecutionRequestInput, type Language } from '@sandport/core';
import { NotApplicable } from '../conformance-failure.ts';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectTrue, expectValue } from '../expectations.ts';
import { waitAndInputRequestCases } from './limit-range-cases.ts';

const PROGRAMS = { python: 'print("ran")\n', javascript: "console.log('ran');\n" };

/** Fields that break a rule, one way after the other, and the field that each refusal must name. */
type BrokenFields = readonly { readonly fields: Readonly<Record<string, unknown>>; readonly names: string }[];

/** A case in which the same sandbox is asked in several wrong ways, and refuses each without running anything. */
function refusalCase(name: string, title: string, broken: BrokenFields): ConformanceCase[] {
  return inOneLanguage({
    id: `requests/${name}`,
    title,
    programs: PROGRAMS,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const seen: string[] = [];
      const onOutput = ({ text }: { text: string }) => seen.push(text);
      for (const { fields, names } of broken) {
        await expectRefusal(sandbox.execute(asRequest({ code, language, onOutput, ...fields })), 'REQUEST_INVALID', names);
      }
      expectEqual(seen, [], 'output');
    },
  });
}

/** The compiler would refuse these requests too; a caller in plain JavaScript has no compiler. */
function asRequest(fields: Readonly<Record<string, unknown>>): ExecutionRequestInput {
  return fields as unknown as ExecutionRequestInput;
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

const refusalCases = [
  refusalCase('code', 'refuses code that is no text or too large', [
    { fields: { code: undefined }, names: 'code' },
    { fields: { code: 42 }, names: 'code' },
    { fields: { code: '#'.repeat(REQUEST_LIMITS.codeBytes + 1) }, names: 'code' },
  ]),
  refusalCase('arguments', 'refuses arguments that are no JSON object', [
    { fields: { arguments: [1] }, names: 'arguments' },
    { fields: { arguments: null }, names: 'arguments' },
    { fields: { arguments: 'text' }, names: 'arguments' },
    { fields: { arguments: { ratio: Number.NaN } }, names: 'arguments' },
    { fields: { arguments: { when: new Date(0) } }, names: 'arguments' },
    { fields: { arguments: cyclic }, names: 'arguments' },
  ]),
  refusalCase('limits', 'refuses limits outside their range and names that are no limit', [
    { fields: { limits: { timeoutMs: 0 } }, names: 'limits.timeoutMs' },
    { fields: { limits: { timeoutMs: -1 } }, names: 'limits.timeoutMs' },
    { fields: { limits: { timeoutMs: 1.5 } }, names: 'limits.timeoutMs' },
    { fields: { limits: { timeoutMs: 1e9 } }, names: 'limits.timeoutMs' },
    { fields: { limits: { timeoutMs: '5000' } }, names: 'limits.timeoutMs' },
    { fields: { limits: { outputBytes: 0 } }, names: 'limits.outputBytes' },
    { fields: { limits: { timeout: 5 } }, names: 'limits.timeout' },
  ]),
  refusalCase('unknown-field', 'refuses a field that the contract does not know', [
    { fields: { argumets: { typing: 'error' } }, names: 'argumets' },
    { fields: { timeoutMs: 5000 }, names: 'timeoutMs' },
  ]),
  refusalCase('environment', 'refuses variables with a wrong name or a value that is no text', [
    { fields: { environment: { '1ST': 'x' } }, names: 'environment' },
    { fields: { environment: { 'A=B': 'x' } }, names: 'environment' },
    { fields: { environment: { '': 'x' } }, names: 'environment' },
    { fields: { environment: { NUMBER: 1 } }, names: 'environment' },
    { fields: { environment: { NUL: 'a\0b' } }, names: 'environment' },
  ]),
  refusalCase('files', 'refuses files that are no content, too many, or in each other’s way', [
    { fields: { files: { 'a.txt': 42 } }, names: 'files' },
    { fields: { files: { 'a.txt': null } }, names: 'files' },
    { fields: { files: { a: 'file', 'a/b': 'below it' } }, names: 'files' },
    {
      fields: { files: Object.fromEntries(Array.from({ length: REQUEST_LIMITS.fileCount + 1 }, (_, n) => [`f${n}`, ''])) },
      names: 'files',
    },
  ]),
  refusalCase('network', 'refuses a network policy that it does not declare', [{ fields: { network: 'everything' }, names: 'network' }]),
];

const languageCases = [
  inOneLanguage({
    id: 'requests/unknown-language',
    title: 'refuses a language that nobody knows',
    programs: PROGRAMS,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      await expectRefusal(sandbox.execute({ code, language: 'cobol' }), 'LANGUAGE_UNSUPPORTED', 'language');
      await expectRefusal(sandbox.execute({ code, language: 'toString' }), 'LANGUAGE_UNSUPPORTED', 'language');
    },
  }),
  ...(['python', 'javascript'] as const).map((language) =>
    withoutProgram({
      id: `requests/undeclared-${language}`,
      title: `refuses ${language} when it does not declare it`,
      async run(context) {
        if (context.capabilities.languages.includes(language)) throw new NotApplicable(`the provider runs ${language}`);
        await expectRefusal(context.createSandbox({ language }), 'LANGUAGE_UNSUPPORTED', 'language');
      },
    }),
  ),
  inOneLanguage({
    id: 'requests/other-language',
    title: "refuses a request in another language than the sandbox's",
    programs: PROGRAMS,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const other: Language = language === 'python' ? 'javascript' : 'python';
      await expectRefusal(sandbox.execute({ code, language: other }), ['LANGUAGE_UNSUPPORTED', 'REQUEST_INVALID'], 'language');
    },
  }),
  inEachLanguage({
    id: 'requests/aliases',
    title: 'takes every spelling of the language',
    programs: PROGRAMS,
    async run(context, { code, language }) {
      const spellings = language === 'python' ? ['python3', 'Python'] : ['node', 'nodejs', 'js', 'JavaScript'];
      const results = await Promise.all(spellings.map((spelling) => context.execute({ code, language: spelling })));
      for (const result of results) expectEqual([result.status, result.language], ['completed', language], 'status and language');
    },
  }),
];

const acceptedCases = [
  inOneLanguage({
    id: 'requests/checked-before',
    title: 'takes a request that was checked before',
    programs: { python: 'def main(n):\n    return n\n', javascript: 'const main = ({ n }) => n;\n' },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const request = parseExecutionRequest({ code, language, arguments: { n: 7 } });
      expectValue(await sandbox.execute(request, { signal: context.signal }), 7);
    },
  }),
  inOneLanguage({
    id: 'requests/refusal-leaves-sandbox',
    title: 'still executes in a sandbox that refused a request',
    programs: PROGRAMS,
    run: expectExecutesAfterRefusal,
  }),
];

async function expectExecutesAfterRefusal(
  context: ConformanceContext,
  { code, language }: { code: string; language: Language },
): Promise<void> {
  const sandbox = await context.createSandbox({ language });
  await expectRefusal(sandbox.execute(asRequest({ code, language, arguments: 1 })), 'REQUEST_INVALID', 'arguments');
  const result = await sandbox.execute({ code, language }, { signal: context.signal });
  expectTrue(result.status === 'completed', 'status after the refusal', result.status, 'completed');
}

/** Bad requests are refused at the door, with the name of the field. */
export const requestCases: readonly ConformanceCase[] = [
  ...refusalCases,
  ...languageCases,
  ...acceptedCases,
  waitAndInputRequestCases,
].flat();
