// @ts-check
/** The page of the command, made from the command itself. */
import { PassThrough } from 'node:stream';
import { replaceGenerated } from './provider-tables.mjs';

/** @import { createProgram, EXIT_CODE_MEANINGS } from '../../packages/cli/dist/index.js' */

/** @typedef {ReturnType<typeof createProgram>} Command */
/** @typedef {typeof EXIT_CODE_MEANINGS} ExitCodeMeanings */

/** Characters of a line of help. */
const COLUMNS = 100;

/** Options that every verb takes. */
const COMMON_OPTIONS = ['--settings', '--debug', '--help'];

/**
 * The whole page.
 *
 * @param {typeof createProgram} create
 * @param {ExitCodeMeanings} meanings
 * @returns {string}
 */
export function renderCliPage(create, meanings) {
  const program = create(idleContext(), () => undefined);
  const verbs = verbsBelow(program, program.name());
  const rows = verbs.map(({ path, command }) => `| [\`${path}\`](#${anchorOf(path)}) | ${asCell(sentence(command.description()))} |`);
  return [
    '# The command `sandport`\n\n',
    'Every verb, with its options. `sandport <verb> --help` says the same. The [README of the package](../packages/cli/README.md) tells how the verbs go together.\n\n',
    'This page is made from the command by `npm run docs`.\n\n',
    `| Verb | What it does |\n| --- | --- |\n${rows.join('\n')}\n\n`,
    '## Options of every verb\n\n',
    optionsTable(program.createHelp().visibleOptions(program).filter(isCommon)),
    '\nThey stand before or after the verb. With `--json` a verb writes one document on stdout and nothing else, also when it fails:\n',
    '`{"status": "error", "error": {"code": …, "message": …, "suggestion": …}}`. Progress is told on stderr: on a terminal on one line, elsewhere line by line, and\n',
    'beside a document only with `--progress`, or with `--stream` of `sandport run`. Colours are for terminals; `NO_COLOR` forbids them, `FORCE_COLOR` asks for them.\n\n',
    `## Exit codes\n\n${renderExitCodes(meanings)}\n`,
    ...verbs.map(verbPart),
  ].join('');
}

/**
 * The README of the command with its table of exit codes.
 *
 * @param {string} page
 * @param {ExitCodeMeanings} meanings
 * @returns {string}
 */
export function renderCliReadme(page, meanings) {
  return replaceGenerated(page, 'exit-codes', renderExitCodes(meanings));
}

/** @param {ExitCodeMeanings} meanings */
function renderExitCodes(meanings) {
  const rows = meanings.map(({ exitCode, meaning }) => `| ${exitCode} | ${meaning} |`);
  return ['| Exit code | Meaning |', '| --- | --- |', ...rows].join('\n');
}

/** Verbs that do something. @typedef {{ path: string, command: Command }} Verb */

/**
 * @param {Command} command
 * @param {string} path
 * @returns {Verb[]}
 */
function verbsBelow(command, path) {
  return command.commands.flatMap((child) => {
    const own = `${path} ${child.name()}`;
    const isVerb = child.commands.length === 0 || child.options.some(({ long }) => long === '--json');
    return [...(isVerb ? [{ path: own, command: child }] : []), ...verbsBelow(child, own)];
  });
}

/** @param {Verb} verb */
function verbPart({ path, command }) {
  const help = command.createHelp();
  const [remarks, examples] = helpTextOf(command);
  const options = help.visibleOptions(command).filter((option) => !isCommon(option));
  const argumentRows = command.registeredArguments.map(
    (argument) => `| \`${argument.name()}\` | ${asCell(sentence(help.argumentDescription(argument)))} |`,
  );
  return [
    `\n## \`${path}\`\n\n${sentence(command.description())}\n\n`,
    `\`\`\`text\n${help.commandUsage(command)}\n\`\`\`\n`,
    ...(argumentRows.length === 0 ? [] : [`\n| Argument | Meaning |\n| --- | --- |\n${argumentRows.join('\n')}\n`]),
    ...(options.length === 0 ? [] : ['\n', optionsTable(options)]),
    ...remarks.map(remarkPart),
    `\n\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`,
  ].join('');
}

/** @param {readonly ReturnType<ReturnType<Command['createHelp']>['visibleOptions']>[number][]} options */
function optionsTable(options) {
  const rows = options.map((option) => {
    const values = option.argChoices === undefined ? '' : ` One of ${option.argChoices.map((choice) => `\`${choice}\``).join(', ')}.`;
    const isTold = option.defaultValue !== undefined && typeof option.defaultValue !== 'boolean' && !Array.isArray(option.defaultValue);
    const preset = isTold ? ` Else \`${String(option.defaultValue)}\`.` : '';
    return `| \`${option.flags.replaceAll('|', String.raw`\|`)}\` | ${asCell(`${sentence(option.description)}${values}${preset}`)} |`;
  });
  return `| Option | Meaning |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** @param {{ long?: string | null | undefined }} option */
function isCommon({ long }) {
  return COMMON_OPTIONS.includes(long ?? '');
}

/**
 * What stands below the options of a verb: paragraphs, and command lines.
 *
 * @param {Command} command
 * @returns {[remarks: string[], examples: string[]]}
 */
function helpTextOf(command) {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => COLUMNS, getOutHasColors: () => false });
  command.outputHelp();
  const own = command.helpInformation();
  const [remarks = '', examples] = text.slice(own.length).split('\nExamples:\n');
  if (!text.startsWith(own) || examples === undefined) throw new Error(`"${command.name()}" has no examples in its help`);
  return [
    remarks.split(/\n{2,}/).filter((part) => part.trim() !== ''),
    examples
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^ {2}(\$ )?/, '')),
  ];
}

/**
 * A paragraph as text; what is laid out in columns, or lists, as it stands.
 *
 * @param {string} remark
 */
function remarkPart(remark) {
  const text = remark.replace(/^\n+|\s+$/g, '');
  return /^\s/m.test(text) ? `\n\`\`\`text\n${text}\n\`\`\`\n` : `\n${escapeMarkdown(text)}\n`;
}

/** @param {string} text */
function sentence(text) {
  const begun = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** @param {string} text */
function asCell(text) {
  return escapeMarkdown(text).replaceAll('|', String.raw`\|`);
}

/** Between backticks everything stands for itself. @param {string} text */
function escapeMarkdown(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[\\*<]/g, String.raw`\$&`)))
    .join('');
}

/** @param {string} path */
function anchorOf(path) {
  return path.replaceAll(' ', '-');
}

/** What a command needs that only describes itself. */
export function idleContext() {
  /** @returns {Promise<never>} */
  const notHere = () => Promise.reject(new Error('Nothing is carried out here.'));
  return {
    providers: [],
    prepareProvider: notHere,
    buildImages: notHere,
    removeLeftBehind: notHere,
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    environment: {},
    homeFolder: '/nowhere',
    operator: 'nobody@nowhere',
    signal: new AbortController().signal,
  };
}
