#!/usr/bin/env node
import { runGenerator } from './run-generator.ts';

process.exitCode = await runGenerator(process.argv.slice(2), {
  currentFolder: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
