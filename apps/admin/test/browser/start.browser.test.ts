import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { PASSWORD } from './person.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const PROGRAM = fileURLToPath(new URL('../../../../tools/start.mjs', import.meta.url));
const TERMINATED = 143;

/** Runs `npm start` on what is built, until it has printed the link. */
async function start(folder: string): Promise<{ readonly link: string; stop(): Promise<unknown> }> {
  const child = spawn(process.execPath, [PROGRAM, '--as-is', '--folder', folder, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let output = '';
  const link = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /http:\/\/\S+\/admin\/first-account#\S+/.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`npm start has ended: ${output}`)));
  });
  return {
    link,
    stop: async () => {
      child.kill('SIGTERM');
      const [exitCode] = (await ended) as [number | null];
      return exitCode;
    },
  };
}

test(
  'npm start leads from nothing to a page on which code runs in the embedded sandbox, and leaves only its folder',
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandport-start-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const kept = join(folder, 'kept');
    const started = await start(kept);
    const { origin } = new URL(started.link);
    const visit = await Visit.begin(chromium.browser, { address: origin });
    const { page } = visit;
    await page.goto(started.link);
    await visit.field('Name').fill('Ada');
    await visit.field('New password').fill(PASSWORD);
    await visit.field('New password again').fill(PASSWORD);
    await visit.button('Make the account').click();
    await visit.goTo('Providers');
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'WebAssembly, embedded' }) });
    await visit.sees(card.getByText('active', { exact: true }));
    await visit.seesText(/^Version 1 is in use since .* by npm start/);
    await visit.look('first-start');

    expect(await started.stop()).toBe(TERMINATED);
    await expect(fetch(origin)).rejects.toThrow();
    for (const name of ['settings.sqlite', 'settings.sqlite.key']) {
      expect((await stat(join(kept, name))).mode & 0o077, name).toBe(0);
    }
  },
);
