export { CommandEndedError } from './sandbox/command-ended-error.ts';
export { createSandboxSession } from './sandbox/create-sandbox-session.ts';
export { createHarnessSandbox, type HarnessSandbox, type HarnessSessionRequest } from './sandbox/harness-sandbox.ts';
export type { NetworkRequest, SandboxSession } from './sandbox/owned-session.ts';
export type { SandboxSessionOptions } from './sandbox/session-options.ts';
export type { ImageBudget } from './tool/image-budget.ts';
export { sandportTool, type SandportTool, type SandportToolOptions } from './tool/sandport-tool.ts';
