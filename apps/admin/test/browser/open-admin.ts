import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeKeyFile } from '@sandport/settings';
import { onTestFinished } from 'vitest';
import { Person } from './person.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const KILL_AFTER_MS = 20_000;

/** A server as it is installed, in a process of its own, with settings of its own. It ends with the test. */
export interface OpenAdmin {
  readonly address: string;
  /** As it was printed. */
  readonly firstAccountLink: string;
  readonly settingsFile: string;
  /** All that it wrote, for whoever looks for what must not be there. */
  output(): string;
  /** Makes the first account. */
  enter(): Promise<Person>;
}

/** Starts the server. */
export async function openAdmin(): Promise<OpenAdmin> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-walk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const settingsFile = join(folder, 'settings.sqlite');
  await writeKeyFile(`${settingsFile}.key`);
  const configFile = join(folder, 'admin.json');
  // What is played for the tests is on this machine.
  const config = { settings: settingsFile, listen: { port: 0 }, allowedPrivateNetworks: ['127.0.0.0/8'] };
  await writeFile(configFile, JSON.stringify(config));
  return startServer({ folder, configFile, settingsFile });
}

async function startServer({
  folder,
  configFile,
  settingsFile,
}: Readonly<Record<'folder' | 'configFile' | 'settingsFile', string>>): Promise<OpenAdmin> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing that this machine has of accounts and settings says anything here.
    env: { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: process.env['DOCKER_HOST'] },
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await ended;
    clearTimeout(timer);
  });
  let output = '';
  const link = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /https?:\/\/\S+\/admin\/first-account#\S+/.exec(output)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The server has ended: ${output}`)));
  });
  const { origin, hash } = new URL(link);
  return {
    address: origin,
    firstAccountLink: link,
    settingsFile,
    output: () => output,
    enter: () => Person.first(origin, hash.slice(1)),
  };
}
