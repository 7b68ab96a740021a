// @ts-check
// One call without a client to keep: the program is JavaScript, and may take two seconds.
import { executeCode } from '@sandport/client';
import { dockerProvider } from '@sandport/provider-docker';
import { openSqliteSettings } from '@sandport/settings';

const result = await executeCode('exports.main = ({ name }) => `Hello ${name}`;', {
  settings: () => openSqliteSettings({ path: process.argv[2] ?? 'sandport.sqlite' }),
  providers: [dockerProvider],
  language: 'javascript',
  timeoutMs: 2000,
  arguments: { name: 'World' },
});
process.stdout.write(`${result.status === 'completed' ? result.valueJson : result.status}\n`);
