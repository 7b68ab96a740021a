export { Admin, type AdminOptions } from './admin.ts';
export { adminConfigSchema, type AdminConfig } from './config/admin-config.ts';
export { readConfig } from './config/read-config.ts';
export type { Call, Caller, EventHandler, Handler, Handlers } from './server/handler.ts';
