import { Argument, Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { bashScript } from '../completion/bash-script.ts';
import { completionTree, type CompletionVerb } from '../completion/completion-tree.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';
import { writeJson } from '../write-json.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<string, (root: CompletionVerb) => string>;

type Shell = keyof typeof SCRIPTS;

interface CompletionOptions {
  readonly json?: boolean;
}

const HELP = `
Prints a script with which the shell completes verbs, options, their values, ids of
providers, and files. It is made from this very command, and runs nothing when it
completes; after an update of Sandport it is to be made again.

  bash  source <(sandport completion bash)          in ~/.bashrc
  zsh   source <(sandport completion zsh)           in ~/.zshrc, after compinit
  fish  sandport completion fish | source           in ~/.config/fish/config.fish

Examples:
  $ sandport completion bash > ~/.local/share/bash-completion/completions/sandport
  $ sandport completion zsh > ~/.zfunc/_sandport
  $ sandport completion fish > ~/.config/fish/completions/sandport.fish`;

/** `sandport completion` */
export function completionCommand(context: CliContext): Command {
  return new Command('completion')
    .description('print a script with which a shell completes this command')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action((shell: Shell, _options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<CompletionOptions>();
      const tree = completionTree(
        rootOf(command),
        context.providers.map(({ id }) => id),
      );
      const script = SCRIPTS[shell](tree);
      if (json === true) writeJson(context.stdout, { shell, script });
      else context.stdout.write(script);
    });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
