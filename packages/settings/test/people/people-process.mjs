// @ts-check
// Another process that wants something which only one can have, with the built package. LOCATION comes with the environment. Usage: node people-process.mjs first NAME | take DIGEST | disable ID
import { once } from 'node:events';
import { SandboxError } from '@sandport/core';
import { openSettings } from '../../dist/index.js';

const [task, word = ''] = process.argv.slice(2);
const settings = openSettings(process.env['LOCATION'] ?? '', { environment: {} });
const { people } = settings;
await people.hasAccounts();
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();

/** @returns {Promise<unknown>} */
async function act() {
  if (task === 'first') return people.createFirstAccount({ name: word, passwordHash: 'hash' });
  if (task === 'take') return people.takeInvitation(word, 1);
  return people.updateAccount(word, { isDisabled: true }, { actor: 'other' });
}

/** @param {unknown} error */
const codeOf = (error) => (SandboxError.isInstance(error) ? error.code : String(error));

const outcome = await act().then((value) => (value === undefined ? 'nothing' : 'done'), codeOf);
process.stdout.write(`${outcome}\n`);
await settings.close();
