import type { ContextRequestInput, ExecutionContext, ExecutionResult, Language, Sandbox } from '@sandport/core';
import type { CapabilityName } from '../capability-name.ts';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectEqual, expectStatus, expectTrue } from '../expectations.ts';

/** What a case about contexts works with: a sandbox with one context, and its cells. */
export interface Notebook {
  readonly context: ConformanceContext;
  readonly language: Language;
  readonly sandbox: Sandbox;
  readonly kernel: ExecutionContext;
  readonly cells: readonly string[];
  /** Runs a cell, by its place among the cells of the case. */
  readonly run: (cell: number, request?: Omit<ContextRequestInput, 'code'>, kernel?: ExecutionContext) => Promise<ExecutionResult>;
}

/** A promise about contexts, with its cells in each language. */
export interface ContextCase {
  /** Without its area. */
  readonly name: string;
  readonly title: string;
  readonly requires?: readonly CapabilityName[];
  readonly area?: 'contexts' | 'displays' | 'cancellation';
  readonly deadlineMs?: number;
  readonly cells: { readonly python: readonly string[]; readonly javascript: readonly string[] };
  readonly check: (notebook: Notebook) => Promise<void>;
}

/** One case per language, or one in all, about a sandbox with a context. */
export function contextCase(
  { name, title, requires = [], area = 'contexts', cells, check, deadlineMs }: ContextCase,
  define = inEachLanguage,
): ConformanceCase[] {
  return define({
    id: `${area}/${name}`,
    title,
    requires: ['contexts', ...requires],
    programs: { python: cells.python.join('\n'), javascript: cells.javascript.join('\n') },
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    async run(context, { language }) {
      const sandbox = await context.createSandbox({ language });
      const kernel = await sandbox.createContext({ signal: context.signal });
      const own = cells[language];
      const run: Notebook['run'] = (cell, request = {}, of = kernel) =>
        of.execute({ ...request, code: own[cell] ?? '' }, { signal: context.signal });
      await check({ context, language, sandbox, kernel, cells: own, run });
    },
  });
}

/** One case about a sandbox with a context, in the first language of the provider. */
export function contextCaseInOneLanguage(definition: ContextCase): ConformanceCase[] {
  return contextCase(definition, inOneLanguage);
}

/** The cell completed and has no value. */
export function expectNoValue(result: ExecutionResult): void {
  expectStatus(result, 'completed');
  const given = [Object.hasOwn(result, 'value'), Object.hasOwn(result, 'valueJson')];
  expectEqual(given, [false, false], 'value and valueJson are present');
}

/** The cell failed with an error of the type. */
export function expectFailedWith(result: ExecutionResult, type: string): void {
  expectStatus(result, 'failed');
  expectTrue(result.error.type === type, 'type of the error', result.error, type);
}
