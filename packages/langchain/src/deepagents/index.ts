export type { SandboxBackendOptions } from './backend-options.ts';
export { createSandboxBackend, type SandboxBackend } from './sandbox-backend.ts';
