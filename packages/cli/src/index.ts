export type { CliContext } from './cli-context.ts';
export { createProgram } from './program.ts';
export { runCli } from './run-cli.ts';
