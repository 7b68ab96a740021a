// @ts-check
// A sandbox that stays, as an agent's notebook needs it: files and variables live from call to call, and a mistake ends neither.
//
//   sandport images build
//   sandport --settings sandport.sqlite config use docker
//   node execute/docker/kept-sandbox.mjs sandport.sqlite
import { createSandboxClient } from '@sandport/client';
import { dockerProvider } from '@sandport/provider-docker';
import { openSqliteSettings } from '@sandport/settings';

const path = process.argv[2] ?? 'sandport.sqlite';
const cells = [
  'import csv\nrows = list(csv.DictReader(open("sales.csv")))\nlen(rows)',
  'total = sum(int(row["price"]) for row in rows)\ntotal',
  'total / 0',
  '{"total": total, "mean": total / len(rows)}',
];

const client = createSandboxClient({ settings: () => openSqliteSettings({ path }), providers: [dockerProvider] });
try {
  // It ends by itself when nobody uses it for a minute, and after an hour at the latest.
  const sandbox = await client.createSandbox({ language: 'python', idleTimeoutMs: 60_000, lifetimeMs: 3_600_000 });
  try {
    await sandbox.writeFile('sales.csv', 'name,price\npen,3\nbook,12\n');
    const context = await sandbox.createContext();
    for (const code of cells) {
      const result = await context.execute({ code, limits: { timeoutMs: 5000 } });
      if (result.status === 'completed') process.stdout.write(`${result.valueJson}\n`);
      else if (result.status === 'failed') process.stdout.write(`${result.error.type}: ${result.error.message}\n`);
      else process.stdout.write(`${result.status}\n`);
    }
    // Outside of the context is a program of its own, which finds the same files.
    const listing = await sandbox.execute({ code: 'import os\nprint(os.listdir("."))\n' });
    process.stdout.write(listing.stdout);
  } finally {
    await sandbox.destroy();
  }
} finally {
  await client.close();
}
