export { executeCode, type ExecuteCodeOptions } from './execute-code.ts';
export { createSandboxClient, type ProviderInfo, type SandboxClient, type SandboxClientOptions } from './sandbox-client.ts';
export { parseConfigText } from './stored-provider.ts';
