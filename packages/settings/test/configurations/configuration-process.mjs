// @ts-check
// Another process that changes the configuration, with the built package. LOCATION and MASTER_KEY come with the environment, where no list of processes shows them.
// Usage: node configuration-process.mjs activate BASE DRAFT… | alternate
import { once } from 'node:events';
import { configFields, defineProvider, SandboxError, Secret } from '@sandport/core';
import { z } from 'zod';
import { ProviderCatalog } from '../../dist/configurations/provider-catalog.js';
import { ConfigurationStore, KeyRing, openDatabase } from '../../dist/index.js';

const [task, ...words] = process.argv.slice(2);
const { LOCATION: location = '', MASTER_KEY: key = '' } = process.env;

/** @param {string} text */
const say = (text) => void process.stdout.write(`${text}\n`);

const labels = { label: 'Field', help: 'A field of a test.' };

function create() {
  throw new Error('no test makes a provider of it');
}

const text = z.string().default('base').register(configFields, labels);
const token = z
  .string()
  .min(8)
  .transform((value) => new Secret(value))
  .register(configFields, { ...labels, secret: true });
const size = z.int().default(4).register(configFields, labels);
const facts = { displayName: 'Test', description: 'A provider of a test.', tags: [], languages: [/** @type {const} */ ('python')], create };

const keyRing = KeyRing.of([{ key }]);
const database = openDatabase(location);

/** @type {import('../../dist/index.js').SettingsDatabase['write']} */
const write = (call, work) =>
  database.write(call, async (transaction) => {
    say('transaction');
    const value = await work(transaction);
    say('commit');
    return value;
  });

/** The database, with each transaction told from its first statement to the last before the commit. A line is with its reader before the next statement is sent. */
const told = { kind: database.kind, location: database.location, read: database.read.bind(database), write, close: () => database.close() };

const configurations = new ConfigurationStore({
  database: task === 'alternate' ? told : database,
  catalog: new ProviderCatalog([
    defineProvider({ ...facts, id: 'alpha', configSchema: z.strictObject({ template: text, token }) }),
    defineProvider({ ...facts, id: 'beta', configSchema: z.strictObject({ size }) }),
    defineProvider({ ...facts, id: 'gamma', configSchema: z.strictObject({ size }) }),
  ]),
  keys: { newest: () => Promise.resolve(keyRing) },
  now: Date.now,
});

/** Activates drafts, all at one moment, when it is told to, and says what came of each. */
async function activateAll() {
  const [base = 0, ...drafts] = words.map(Number);
  await configurations.active();
  say('ready');
  await once(process.stdin, 'data');
  await Promise.all(
    drafts.map(async (draft) => {
      try {
        const { number } = await configurations.activate(draft, { author: `process-${process.pid}`, expectedActive: base });
        say(`active ${number}`);
      } catch (error) {
        say(SandboxError.isInstance(error) ? error.code : 'a fault of this program');
      }
    }),
  );
  process.stdin.destroy();
}

/** Goes from one configuration to the other for ever, in each of the ways there are. It may be killed at any time. */
async function alternate() {
  for (let round = 0; ; round += 1) {
    try {
      await alternateOnce(round);
      say('end');
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_CONFLICT') throw error;
      say('conflict');
    }
  }
}

/** @param {number} round */
async function alternateOnce(round) {
  const { version, providerType } = await configurations.active();
  const authorship = { author: `process-${process.pid}`, reason: `round ${round}` };
  say('begin');
  if (round % 3 === 0) {
    await configurations.rollBack(providerType === 'alpha' ? 2 : 1, { ...authorship, expectedActive: version });
    return;
  }
  const change = providerType === 'alpha' ? { providerType: 'beta', fallback: ['gamma'] } : { providerType: 'alpha', fallback: null };
  if (round % 3 === 1) {
    await configurations.change(change, { ...authorship, base: version });
    return;
  }
  const draft = await configurations.draft(change, { ...authorship, base: version });
  await configurations.activate(draft, { ...authorship, expectedActive: version });
}

await (task === 'activate' ? activateAll() : alternate());
await database.close();
