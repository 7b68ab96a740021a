import { parseSync, Visitor } from 'oxc-parser';

/** One place where a module names another. */
export interface ModuleImport {
  readonly specifier: string;
  /** Names taken from it; empty for a dynamic import, a namespace or one for its side effects. */
  readonly names: readonly string[];
}

/** What the rules read of one source file. */
export interface ModuleModel {
  /** Path below the package, with `/` between its parts. */
  readonly path: string;
  readonly lineCount: number;
  readonly imports: readonly ModuleImport[];
  /** Names that it exports, types included. */
  readonly exportedNames: readonly string[];
  readonly hasExportStar: boolean;
  readonly hasTopLevelAwait: boolean;
}

/** Reads a module with a real parser, so that neither comments nor strings can be mistaken for imports. */
export function parseModule(path: string, text: string): ModuleModel {
  const parsed = parseSync(path, text, { sourceType: 'module' });
  const fault = parsed.errors[0];
  if (fault !== undefined) throw new Error(`${path} cannot be parsed: ${fault.message}`);
  const exportEntries = parsed.module.staticExports.flatMap((statement) => statement.entries);
  const { inlineSpecifiers, hasTopLevelAwait } = walk(parsed.program);
  return {
    path,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [
      ...parsed.module.staticImports.map((statement) => ({
        specifier: statement.moduleRequest.value,
        names: statement.entries.flatMap((entry) => entry.importName.name ?? []),
      })),
      ...exportEntries.flatMap((entry) =>
        entry.moduleRequest === null ? [] : [{ specifier: entry.moduleRequest.value, names: [entry.importName.name ?? []].flat() }],
      ),
      ...inlineSpecifiers.map((specifier) => ({ specifier, names: [] })),
    ],
    exportedNames: exportEntries.flatMap((entry) => entry.exportName.name ?? []),
    hasExportStar: exportEntries.some((entry) => entry.importName.kind === 'All' || entry.importName.kind === 'AllButDefault'),
    hasTopLevelAwait,
  };
}

/** Finds `import('…')`, in code and in types, and whether anything is awaited outside every function. */
function walk(program: Parameters<Visitor['visit']>[0]): { inlineSpecifiers: string[]; hasTopLevelAwait: boolean } {
  const inlineSpecifiers: string[] = [];
  let depth = 0;
  let hasTopLevelAwait = false;
  const enter = (): void => void (depth += 1);
  const leave = (): void => void (depth -= 1);
  const awaited = (): void => void (hasTopLevelAwait ||= depth === 0);
  const visitor = new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    AwaitExpression: awaited,
    ForOfStatement: (statement) => (statement.await ? awaited() : undefined),
    VariableDeclaration: (declaration) => (declaration.kind === 'await using' ? awaited() : undefined),
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') inlineSpecifiers.push(source.value);
    },
    TSImportType: ({ source }) => void inlineSpecifiers.push(source.value),
  });
  visitor.visit(program);
  return { inlineSpecifiers, hasTopLevelAwait };
}
