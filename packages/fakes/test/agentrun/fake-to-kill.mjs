// @ts-check
// A fake in a process of its own, to be killed. Says where it is, and waits for the end of its input to close itself.
import { startFakeAgentRun } from '../../dist/index.js';

const fileSystem = process.argv[2] === 'mapped' ? 'mapped' : 'auto';
const fake = await startFakeAgentRun({ fileSystem });
const { host, region, account } = fake;
process.stdout.write(`${JSON.stringify({ host, region, account })}\n`);
process.stdin.on('end', () => void fake.close()).resume();
