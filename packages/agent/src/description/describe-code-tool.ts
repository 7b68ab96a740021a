import type { Language, ProviderCapabilities } from '@sandport/core';
import type { CheckedToolOptions } from '../tool/code-tool-options.ts';
import { canonicalText } from '../value/canonical-text.ts';
import { describeLimits } from './describe-limits.ts';
import { languageExample } from './language-example.ts';

/** Names of files that are told; the schema of the input has all of them. */
const MAX_FILE_NAMES = 20;

/** The text by which a model knows what a tool does: what the provider declares, and what the options make of it. */
export function describeCodeTool(options: CheckedToolOptions): string {
  const { runner, languages, instructions } = options;
  const { capabilities } = runner;
  const lines = [
    `Runs ${languages.map(displayName).join(' or ')} code in an isolated sandbox and tells what it did.`,
    '',
    ...languages.map((language) => `- ${describeLanguage(language, options)}`),
    `- ${describeCall(options)}`,
    ...(capabilities.artifacts ? [`- ${describeArtifacts(capabilities)}`] : ['- Files that the code leaves do not come back.']),
    ...describeFiles(options),
    `- ${describeNetwork(capabilities)}`,
    `- ${describeState(options)}`,
    `- Limits: ${describeLimits(options)}.`,
    ...languages.flatMap((language) => ['', ...exampleLines(language, options)]),
    ...(instructions === '' ? [] : ['', instructions]),
  ];
  return lines.join('\n');
}

function displayName(language: Language): string {
  return language === 'python' ? 'Python' : 'JavaScript';
}

function describeLanguage(language: Language, { runner, libraries }: CheckedToolOptions): string {
  const { javascriptRuntime } = runner.capabilities;
  const known = libraries[language] ?? [];
  const more = known.length === 0 ? 'no other package can be relied on, and none can be installed' : `also installed: ${known.join(', ')}`;
  if (language === 'python') return `Python: the standard library; ${more}.`;
  if (javascriptRuntime === 'node') return `JavaScript: Node.js with its own modules; ${more}.`;
  return (
    'JavaScript: plain ECMAScript with console, timers, crypto, TextEncoder and TextDecoder, not Node.js: no require of its modules, no process, no fetch. ' +
    `Files are read and written with sandbox.files.readText(path) and sandbox.files.write(path, text); ${more}.`
  );
}

function describeCall({ state, languages }: CheckedToolOptions): string {
  if (state === 'variables')
    return 'The code is a notebook cell: arguments are variables of their names, and the value is that of the last expression, as JSON. No main is called.';
  const calls = languages.map((language) => (language === 'python' ? 'main(**arguments) in Python' : 'main(arguments) in JavaScript'));
  return `Define a function main: it is called as ${calls.join(', ')}, and what it returns must be JSON and is the value. Without main the code simply runs; what it prints is shown, and is no value.`;
}

function describeArtifacts({ richResults }: ProviderCapabilities): string {
  const figures = richResults ? ' Figures that are shown come back too.' : '';
  return `Files that the code writes to the folder artifacts/ (relative path) come back; you are told their names, types and sizes.${figures}`;
}

function describeFiles({ files }: CheckedToolOptions): string[] {
  const names = Object.keys(files);
  if (names.length === 0) return [];
  const more = names.length > MAX_FILE_NAMES ? ` and ${names.length - MAX_FILE_NAMES} more` : '';
  return [
    `- Files that you may name in "files", and then open by that relative path: ${names.slice(0, MAX_FILE_NAMES).join(', ')}${more}.`,
  ];
}

function describeNetwork({ subprocesses }: ProviderCapabilities): string {
  return `There is no network: no downloads, no installing.${subprocesses ? '' : ' No subprocesses and no threads.'}`;
}

function describeState({ state, idleTimeoutMs }: CheckedToolOptions): string {
  if (state === 'none') return 'Each call starts anew: neither variables nor files stay for the next one.';
  const what = state === 'files' ? 'Files stay from call to call, variables do not' : 'Variables and files stay from call to call';
  return `${what}, each language by itself; after ${Math.round(idleTimeoutMs / 1000)} s without a call they are gone, and you are told so.`;
}

function exampleLines(language: Language, { runner, state }: CheckedToolOptions): string[] {
  const { code, arguments: given, value, artifact } = languageExample(language, runner.capabilities, state);
  const left = artifact === undefined ? '' : `, and the file ${artifact}`;
  return [
    `Example in ${displayName(language)}, with the arguments ${JSON.stringify(given)}:`,
    code.trimEnd(),
    `It gives the value ${canonicalText(value)}${left}.`,
  ];
}
