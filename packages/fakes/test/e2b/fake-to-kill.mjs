// @ts-check
// A fake in a process of its own, to be killed. Says where it is, and waits for the end of its input to close itself.
import { startFakeE2b } from '../../dist/index.js';

const fileSystem = process.argv[2] === 'mapped' ? 'mapped' : 'auto';
const fake = await startFakeE2b({ fileSystem });
const { url, apiKey } = fake;
process.stdout.write(`${JSON.stringify({ url, apiKey })}\n`);
process.stdin.on('end', () => void fake.close()).resume();
