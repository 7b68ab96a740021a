// Another process at the database that LOCATION names, with the built package. Usage: node settings-process.mjs migrate | write COUNT | hold | stay | forget
import { once } from 'node:events';
import { migrateUp, openDatabase, openSettings } from '../../dist/index.js';

const [task, count] = process.argv.slice(2);
const location = process.env['LOCATION'] ?? '';

/** @param {string} text */
const say = (text) => void process.stdout.write(text);

if (task === 'migrate') {
  const database = openDatabase(location);
  say('ready\n');
  await once(process.stdin, 'data');
  say(JSON.stringify(await migrateUp(database)));
  await database.close();
  process.stdin.destroy();
} else if (task === 'write') {
  const settings = openSettings(location);
  for (let index = 0; index < Number(count); index += 1) {
    const facts = { source: 'other', dataType: 'string', value: String(index) };
    await settings.write([
      { name: 'pair.a', ...facts },
      { name: 'pair.b', ...facts },
    ]);
  }
  await settings.close();
} else if (task === 'stay') {
  const settings = openSettings(location);
  await settings.read(['a']);
  say('read\n');
  await once(process.stdin, 'data');
  await settings.read(['a']);
  say('read again\n');
  await settings.close();
  process.stdin.destroy();
} else if (task === 'forget') {
  const settings = openSettings(location);
  await Promise.all([settings.read(['a']), settings.read(['b'])]);
  say('read\n');
} else {
  const database = openDatabase(location);
  await database.write({ operation: 'hold' }, async (transaction) => {
    await transaction.updateTable('sandport_state').set({ last_audit: 41 }).where('id', '=', 1).execute();
    say('held\n');
    await once(process.stdin, 'data');
    await transaction.updateTable('sandport_state').set({ last_audit: 42 }).where('id', '=', 1).execute();
  });
  await database.close();
  process.stdin.destroy();
}
