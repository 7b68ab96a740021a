import { eachDatabase } from '../databases.ts';
import { describeAccess } from './access-cases.ts';
import { describeAccounts } from './account-cases.ts';
import { describePeopleProcesses } from './process-cases.ts';

for (const { kind, create } of eachDatabase) {
  describePeopleProcesses(kind, create);
  // SQLite needs no server, and is among the tests without one.
  if (kind === 'sqlite') continue;
  describeAccounts(kind, create);
  describeAccess(kind, create);
}
