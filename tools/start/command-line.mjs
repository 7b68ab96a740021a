// @ts-check
import path from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../setup/repository.mjs';

const defaultListen = '127.0.0.1:7420';
const defaultFolder = path.join(repositoryRoot, '.sandport');

export const usage = `npm start -- [options]

Starts the admin app from a clean clone: installs, builds, keeps the configuration in a file, has code run in the embedded sandbox
where nobody has chosen another one, and prints the address. The first start prints a link that makes the first account, once.
Ctrl-C ends it.

Options:
  --listen HOST:PORT   where it listens (default: ${defaultListen}, which only this machine reaches)
  --folder FOLDER      where the configuration is kept, with the key of its secrets beside it (default: .sandport in the clone)
  --as-is              neither installs nor builds: runs what is there
  --help               show this text

Examples:
  npm start
  npm start -- --listen 127.0.0.1:8080
  npm start -- --listen 0.0.0.0:7420 --folder /var/lib/sandport

Whoever reaches another address than this machine's own reaches the sign-in: have TLS in front of it.
`;

/**
 * @typedef {{ action: 'help' } | { action: 'misuse', problem: string } | { action: 'start', listen: string, folder: string, asIs: boolean }} CommandLine
 */

/**
 * @param {readonly string[]} args
 * @param {string} [workingFolder] what a relative folder is meant from
 * @returns {CommandLine}
 */
export function parseCommandLine(args, workingFolder = process.cwd()) {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        listen: { type: 'string', default: defaultListen },
        folder: { type: 'string', default: defaultFolder },
        'as-is': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return { action: 'misuse', problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help) return { action: 'help' };
  const { listen, folder } = values;
  const port = /^(?:\[[\da-f:.]+\]|[^\s:/[\]]+):(\d{1,5})$/i.exec(listen)?.[1];
  if (port === undefined || Number(port) > 65_535) {
    return { action: 'misuse', problem: `--listen takes a host and a port such as ${defaultListen} or [::1]:7420, not "${listen}".` };
  }
  if (folder === '') return { action: 'misuse', problem: '--folder takes the path of a folder.' };
  return { action: 'start', listen, folder: path.resolve(workingFolder, folder), asIs: values['as-is'] };
}
