export { hashToken, makeToken, SCOPES, storedTokenSchema, type Scope, type StoredToken } from './access/access-token.ts';
export { executorConfigSchema, type ExecutorConfig } from './config/executor-config.ts';
export { readConfig } from './config/read-config.ts';
export { Executor, type ExecutorOptions } from './executor.ts';
