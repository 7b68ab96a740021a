import { eachDatabase } from '../databases.ts';
import { describeUsage } from './usage-cases.ts';

for (const { kind, create } of eachDatabase) if (kind === 'sqlite') describeUsage(kind, create);
