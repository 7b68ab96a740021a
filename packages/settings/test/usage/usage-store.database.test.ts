import { eachDatabase } from '../databases.ts';
import { describeUsage } from './usage-cases.ts';

// SQLite needs no server, and is among the tests without one.
for (const { kind, create } of eachDatabase) if (kind !== 'sqlite') describeUsage(kind, create);
