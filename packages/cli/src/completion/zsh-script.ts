import { allVerbs, type CompletionValues, type CompletionVerb } from './completion-tree.ts';
import { argumentPlaces, casePattern, valuedOptions, verbPaths } from './posix-cases.ts';
import { oneLine, quoteForPosix } from './shell-quoting.ts';

/** The completion for zsh. It may be sourced, or stand as `_sandport` in a folder of `fpath`. */
export function zshScript(root: CompletionVerb): string {
  const { name } = root;
  return `#compdef ${name}
# Completion of ${name} for zsh. Load it with: source <(${name} completion zsh)
_${name}() {
  emulate -L zsh
  local current="\${words[CURRENT]}" verb=${quoteForPosix(root.path)} awaited='' word=''
  local -i index=0 place=0 ends=0
  local -a described=()
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    if [[ -n $awaited ]]; then awaited=''; continue; fi
    if ((ends)); then place=$((place + 1)); continue; fi
    case "$verb $word" in
      (${casePattern(verbPaths(root))}) verb="$verb $word"; place=0; continue ;;
      (${casePattern(valuedOptions(root).map(({ key }) => key))}) awaited="$word"; continue ;;
    esac
    case "$word" in
      (--) ends=1 ;;
      (-*) ;;
      (*) place=$((place + 1)) ;;
    esac
  done
  if [[ -z $awaited && $current == --*=* ]]; then
    awaited="\${current%%=*}"
    compset -P '*='
  fi
  if [[ -n $awaited ]]; then
    case "$verb $awaited" in
${valuedOptions(root)
  .flatMap(({ key, values }) => branchOf(quoteForPosix(key), values))
  .join('\n')}
    esac
  elif [[ $current == -* ]] && ! ((ends)); then
    case "$verb" in
${allVerbs(root)
  .map(
    ({ path, options }) =>
      `      (${quoteForPosix(path)}) described=(${options.flatMap(({ flags, description }) => flags.map((flag) => describedWord(flag, description))).join(' ')}) ;;`,
  )
  .join('\n')}
    esac
    _describe -t options option described
  else
    case "$verb $place" in
${allVerbs(root)
  .filter(({ verbs }) => verbs.length > 0)
  .map(({ path, verbs }) => {
    const words = verbs.map((verb) => describedWord(verb.name, verb.description)).join(' ');
    return `      (${quoteForPosix(`${path} 0`)}) described=(${words}); _describe -t commands verb described ;;`;
  })
  .join('\n')}
${argumentPlaces(root)
  .flatMap(({ path, place, values }) => branchOf(`${quoteForPosix(`${path} `)}${place}`, values))
  .join('\n')}
    esac
  fi
}
if [[ \${funcstack[1]:-} == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function describedWord(word: string, description: string): string {
  const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll(':', String.raw`\:`);
  return quoteForPosix(`${escape(word)}:${oneLine(description)}`);
}

/** The branch for a place where something is offered. */
function branchOf(pattern: string, { words, isFile }: CompletionValues): string[] {
  if (isFile) return [`      (${pattern}) _files ;;`];
  return words.length === 0 ? [] : [`      (${pattern}) compadd -- ${words.map(quoteForPosix).join(' ')} ;;`];
}
