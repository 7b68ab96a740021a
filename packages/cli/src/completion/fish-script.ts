import { allVerbs, type CompletionOption, type CompletionValues, type CompletionVerb } from './completion-tree.ts';
import { valuedOptions, verbPaths } from './posix-cases.ts';
import { oneLine, quoteForFish } from './shell-quoting.ts';

/** The completion for fish, 3.1 and newer. */
export function fishScript(root: CompletionVerb): string {
  const { name } = root;
  const wordsOf = (texts: readonly string[]) => texts.map(quoteForFish).join(' ');
  return `# Completion of ${name} for fish. Load it with: ${name} completion fish | source
function __${name}_at --description 'Whether the command line is at a verb'
    set -l verb ${quoteForFish(root.path)}
    set -l awaits 0
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        if test $awaits -eq 1
            set awaits 0
        else if contains -- "$verb $word" ${wordsOf(verbPaths(root))}
            set verb "$verb $word"
        else if contains -- "$verb $word" ${wordsOf(valuedOptions(root).map(({ key }) => key))}
            set awaits 1
        end
    end
    test "$verb" = "$argv[1]"
end
complete -c ${name} -e
complete -c ${name} -f
${allVerbs(root)
  .flatMap((verb) => linesOf(name, verb))
  .join('\n')}
`;
}

function linesOf(name: string, { path, verbs, options, values }: CompletionVerb): string[] {
  // The condition is a command, whose words are quoted on their own.
  const begin = `complete -c ${name} -n ${quoteForFish(`__${name}_at ${quoteForFish(path)}`)}`;
  const words = [...new Set(values.flatMap((value) => value.words))];
  return [
    ...verbs.map((verb) => `${begin} ${offered([verb.name])} -d ${quoteForFish(oneLine(verb.description))}`),
    ...(words.length === 0 ? [] : [`${begin} ${offered(words)}`]),
    ...(values.some(({ isFile }) => isFile) ? [`${begin} -F`] : []),
    ...options.map((option) => `${begin} ${flagsOf(option)}${valueOf(option.value)} -d ${quoteForFish(oneLine(option.description))}`),
  ];
}

function flagsOf({ flags }: CompletionOption): string {
  return flags.map((flag) => (flag.startsWith('--') ? `-l ${quoteForFish(flag.slice(2))}` : `-s ${quoteForFish(flag.slice(1))}`)).join(' ');
}

function valueOf(value: CompletionValues | undefined): string {
  if (value === undefined) return '';
  if (value.isFile) return ' -r -F';
  return value.words.length === 0 ? ' -x' : ` -x ${offered(value.words)}`;
}

/** fish expands what is offered when it is asked for, so each word is quoted once more. */
function offered(words: readonly string[]): string {
  return `-a ${quoteForFish(words.map(quoteForFish).join(' '))}`;
}
