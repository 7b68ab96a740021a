export type { Call, Caller, EventHandler, Handler, Handlers } from './server/handler.ts';
