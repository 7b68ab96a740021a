import { scriptedHarness } from './scripted-harness.ts';

/** Stands for a harness of a coding agent in the programs of the README. */
export const harness = scriptedHarness(async ({ sandboxSession, sessionWorkDir }) => {
  await sandboxSession.writeTextFile({ path: `${sessionWorkDir}/notes.txt`, content: 'one\ntwo\nthree\n' });
  return (await sandboxSession.run({ command: 'wc -l notes.txt', workingDirectory: sessionWorkDir })).stdout.trim();
});
