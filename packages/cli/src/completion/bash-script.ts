import { allVerbs, type CompletionValues, type CompletionVerb } from './completion-tree.ts';
import { argumentPlaces, casePattern, valuedOptions, verbPaths } from './posix-cases.ts';
import { quoteForPosix } from './shell-quoting.ts';

/** The completion for bash, 3.2 and newer. What has been typed is compared, and never expanded. */
export function bashScript(root: CompletionVerb): string {
  const { name } = root;
  return `# Completion of ${name} for bash. Load it with: source <(${name} completion bash)
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" verb=${quoteForPosix(root.path)}
  local awaited='' word='' candidate='' quoted='' index=0 place=0 skips=0 ends=0 takes_file=0
  local -a candidates=()
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    # bash cuts a word at "=": what follows belongs to the word before.
    if [[ $word == '=' ]]; then
      if [[ -z $awaited ]]; then skips=1; fi
      continue
    fi
    if ((skips)); then skips=0; continue; fi
    if [[ -n $awaited ]]; then awaited=''; continue; fi
    if ((ends)); then place=$((place + 1)); continue; fi
    case "$verb $word" in
      ${casePattern(verbPaths(root))}) verb="$verb $word"; place=0; continue ;;
      ${casePattern(valuedOptions(root).map(({ key }) => key))}) awaited="$word"; continue ;;
    esac
    case "$word" in
      --) ends=1 ;;
      -*) ;;
      *) place=$((place + 1)) ;;
    esac
  done
  if [[ $current == '=' ]]; then current=''; fi
  if [[ -n $awaited ]]; then
    case "$verb $awaited" in
${valuedOptions(root)
  .flatMap(({ key, values }) => branchOf(quoteForPosix(key), values))
  .join('\n')}
      *) ;;
    esac
  elif ((skips)); then
    takes_file=1
  elif [[ $current == -* ]] && ! ((ends)); then
    case "$verb" in
${allVerbs(root)
  .map(
    ({ path, options }) =>
      `      ${quoteForPosix(path)}) candidates=(${options
        .flatMap(({ flags }) => flags)
        .map(quoteForPosix)
        .join(' ')}) ;;`,
  )
  .join('\n')}
    esac
  else
    case "$verb $place" in
${allVerbs(root)
  .filter(({ verbs }) => verbs.length > 0)
  .map(
    ({ path, verbs }) => `      ${quoteForPosix(`${path} 0`)}) candidates=(${verbs.map((verb) => quoteForPosix(verb.name)).join(' ')}) ;;`,
  )
  .join('\n')}
${argumentPlaces(root)
  .flatMap(({ path, place, values }) => branchOf(`${quoteForPosix(`${path} `)}${place}`, values))
  .join('\n')}
      *) ;;
    esac
  fi
  if ! ((takes_file)); then compopt +o default 2>/dev/null || true; fi
  for candidate in \${candidates[@]+"\${candidates[@]}"}; do
    if [[ $candidate == "$current"* ]]; then
      printf -v quoted '%q' "$candidate"
      COMPREPLY+=("$quoted")
    fi
  done
}
complete -o default -F _${name} ${name}
`;
}

/** The branch for a place where something is offered. */
function branchOf(pattern: string, { words, isFile }: CompletionValues): string[] {
  if (isFile) return [`      ${pattern}) takes_file=1 ;;`];
  return words.length === 0 ? [] : [`      ${pattern}) candidates=(${words.map(quoteForPosix).join(' ')}) ;;`];
}
