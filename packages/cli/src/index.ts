export type { CliContext } from './cli-context.ts';
export { EXIT_CODE_MEANINGS, type ExitCodeMeaning } from './exit-code.ts';
export { createProgram } from './program.ts';
export { runCli } from './run-cli.ts';
