// @ts-check
// Runs a Python function in a container of its own and prints what it returned.
//
//   sandport images build
//   sandport --settings sandport.sqlite config use docker
//   node execute/docker/basic.mjs sandport.sqlite
import { createSandboxClient } from '@sandport/client';
import { dockerProvider } from '@sandport/provider-docker';
import { openSqliteSettings } from '@sandport/settings';

const path = process.argv[2] ?? 'sandport.sqlite';
const code = `
def main(numbers):
    print('adding', len(numbers), 'numbers')
    return {'sum': sum(numbers)}
`;

const client = createSandboxClient({ settings: () => openSqliteSettings({ path }), providers: [dockerProvider] });
try {
  const result = await client.execute({ code, language: 'python', arguments: { numbers: [2, 3, 37] } });
  if (result.status === 'completed') process.stdout.write(`${result.stdout}${result.valueJson}\n`);
  else process.stderr.write(`${result.status}\n${result.stderr}`);
} finally {
  await client.close();
}
