import { eachDatabase } from '../databases.ts';
import { describeAccess } from './access-cases.ts';
import { describeAccounts } from './account-cases.ts';

for (const { kind, create } of eachDatabase) {
  if (kind !== 'sqlite') continue;
  describeAccounts(kind, create);
  describeAccess(kind, create);
}
