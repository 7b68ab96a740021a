import { SandboxError, type Language, type ProviderCapabilities } from '@sandport/core';

/** What a provider lacks, and why that matters here. */
interface Lack {
  readonly capability: keyof ProviderCapabilities;
  readonly why: string;
}

/**
 * Refuses commands where a provider has no place for them.
 *
 * @throws SandboxError `CAPABILITY_UNSUPPORTED`, naming the capability.
 */
export function checkCommands(capabilities: ProviderCapabilities, language: Language): void {
  const noSubprocesses: Lack = { capability: 'subprocesses', why: 'its programs start no other programs, such as a shell' };
  const lack = capabilities.subprocesses ? lackOfPrograms(capabilities, language) : noSubprocesses;
  if (lack !== undefined) throw unsupported('command', 'this provider runs no commands', lack);
}

/**
 * Refuses what a session has a program do, where a sandbox runs no more than one.
 *
 * @param method Of the session.
 * @throws SandboxError `CAPABILITY_UNSUPPORTED`, naming the capability.
 */
export function checkPrograms(capabilities: ProviderCapabilities, language: Language, method: string): void {
  const lack = lackOfPrograms(capabilities, language);
  if (lack !== undefined) throw unsupported(method, 'this provider cannot do it', lack);
}

/** Whether a session can have a program do something, as often as it likes. */
export function runsPrograms(capabilities: ProviderCapabilities, language: Language): boolean {
  return lackOfPrograms(capabilities, language) === undefined;
}

/** Refuses input for a command while it runs. @throws SandboxError `CAPABILITY_UNSUPPORTED`. */
export function checkStandardInput(capabilities: ProviderCapabilities): void {
  if (!capabilities.stdin)
    throw unsupported('stdin', 'this provider cannot do it', { capability: 'stdin', why: 'its programs have no standard input' });
}

function lackOfPrograms({ executionsPerSandbox, javascriptRuntime }: ProviderCapabilities, language: Language): Lack | undefined {
  if (executionsPerSandbox === 'one') return { capability: 'executionsPerSandbox', why: 'its sandboxes execute once' };
  if (language === 'javascript' && javascriptRuntime !== 'node')
    return { capability: 'javascriptRuntime', why: "its JavaScript has none of Node's modules" };
  return undefined;
}

function unsupported(field: string, what: string, { capability, why }: Lack): SandboxError {
  return new SandboxError('CAPABILITY_UNSUPPORTED', `${field}: ${what}, since ${why}.`, {
    operation: 'useSandboxSession',
    suggestion: 'Choose a provider whose programs are processes of a system, such as Docker; files can be read and written here.',
    details: { field, capability },
  });
}
