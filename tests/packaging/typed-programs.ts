/** Modules as TypeScript knows them: with what a compiler is told besides. */
export interface ModuleKind {
  readonly module: string;
  readonly moduleResolution: string;
  /** Whether a CommonJS program may require packages that are ES modules. */
  readonly canRequire: boolean;
}

export const moduleKinds = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext', canRequire: true },
  node16: { module: 'node16', moduleResolution: 'node16', canRequire: false },
  bundler: { module: 'preserve', moduleResolution: 'bundler', canRequire: true },
} as const satisfies Record<string, ModuleKind>;

/**
 * Whose declarations do not keep to themselves: the rest of what a compiler says must be nothing.
 *
 * - `@modelcontextprotocol/sdk` and the AI SDK name types of the browser, such as `HeadersInit`.
 * - The AI SDK and LangChain, with its `langsmith`, do not hold with `exactOptionalPropertyTypes`.
 */
const FOREIGN_MISTAKES = ['@ai-sdk/provider-utils', '@langchain/core', '@modelcontextprotocol/sdk', 'ai', 'langsmith'];

/** The settings of a compiler for a project of these programs. Declarations are checked, too, unless said otherwise. */
export function compilerSettings({ module, moduleResolution, canRequire }: ModuleKind, skipLibCheck: boolean): string {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck,
    noEmit: true,
    module,
    moduleResolution,
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
  };
  return JSON.stringify({ compilerOptions, files: ['every-package.ts', 'typed-agent.ts', ...(canRequire ? ['every-package.cts'] : [])] });
}

/** Programs that have to do with every declaration that is exported. */
export function everyPackageProgram(names: readonly string[]): { readonly module: string; readonly commonJs: string } {
  const all = `export const everything = [${names.map((_name, index) => `p${index}`).join()}];\n`;
  const lines = (write: (name: string, index: number) => string): string => names.map(write).join('') + all;
  return {
    module: lines((name, index) => `import * as p${index} from '${name}';\n`),
    commonJs: lines((name, index) => `import p${index} = require('${name}');\n`),
  };
}

/** An agent whose types follow from what it hands over. */
export const TYPED_AGENT = `import { createSandboxClient, executeCode } from '@sandport/client';
import { SandboxError, type SandboxErrorCode, type ExecutionResult, type ProviderDefinition } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings } from '@sandport/settings';
import { z } from 'zod';

const settings = openSqliteSettings({ path: 'typed.sqlite' });
const providers: readonly ProviderDefinition[] = [wasmProvider];

export async function add(numbers: number[]): Promise<number | SandboxErrorCode> {
  const client = createSandboxClient({ settings, providers });
  try {
    const result = await client.execute({ code: 'x', arguments: { numbers }, value: z.object({ sum: z.number() }) });
    if (result.status !== 'completed') return 0;
    // @ts-expect-error a number is no text
    const text: string = result.value?.sum;
    return result.value?.sum ?? text.length;
  } catch (error) {
    if (SandboxError.isInstance(error)) return error.code;
    throw error;
  } finally {
    await client.close();
  }
}

// @ts-expect-error without settings nobody knows where to run
export const incomplete: Promise<ExecutionResult> = executeCode('x', { providers });
`;

/** What a compiler complained about, without the mistakes of others. */
export function complaints(output: string): string[] {
  const isForeign = (line: string): boolean => FOREIGN_MISTAKES.some((name) => line.startsWith(`node_modules/${name}/`));
  return output.split('\n').filter((line) => / error TS\d+: /.test(line) && !isForeign(line));
}
