// Another program at the same database file, without any code of this package. Usage: node other-process.mjs PATH hold|write COUNT
import Database from 'libsql';

const [path, task, count] = process.argv.slice(2);
const database = new Database(path, { timeout: 10_000 });

if (task === 'hold') {
  database.exec('begin exclusive');
  process.stdout.write('held\n');
  process.stdin.once('data', () => {
    database.exec('commit');
    process.stdin.unref();
  });
} else {
  for (let index = 0; index < Number(count); index += 1) {
    const text = String(index);
    database.exec('begin immediate');
    database.exec(`insert or replace into system_settings values ('pair.a', 'other', 'string', '${text}')`);
    database.exec(`insert or replace into system_settings values ('pair.b', 'other', 'string', '${text}')`);
    database.exec('commit');
  }
}
