import type { JsonObject, JsonValue, Language, ProviderCapabilities } from '@sandport/core';
import type { KeptState } from '../tool/code-tool-options.ts';

/** Code that a model is shown, with what comes of it. */
export interface LanguageExample {
  readonly code: string;
  readonly arguments: JsonObject;
  /** What the code gives. */
  readonly value: JsonValue;
  /** Path below `artifacts/` of the file that it leaves. */
  readonly artifact?: string;
}

const EXAMPLE_ARGUMENTS = { numbers: [3, 4] };
const EXAMPLE_VALUE = { sum: 7 };
const EXAMPLE_ARTIFACT = 'squares.txt';

/** One example of a language, as it runs on a provider with these capabilities. */
export function languageExample(language: Language, capabilities: ProviderCapabilities, state: KeptState): LanguageExample {
  const writes = capabilities.artifacts ? writeLines(language, capabilities.javascriptRuntime) : [];
  const code = language === 'python' ? pythonCode(writes, state) : javascriptCode(writes, state);
  return {
    code: `${code.join('\n')}\n`,
    arguments: EXAMPLE_ARGUMENTS,
    value: EXAMPLE_VALUE,
    ...(capabilities.artifacts ? { artifact: EXAMPLE_ARTIFACT } : {}),
  };
}

function pythonCode(writes: readonly string[], state: KeptState): string[] {
  const imports = writes.length === 0 ? [] : ['from pathlib import Path'];
  if (state === 'variables') return [...imports, ...writes, '{"sum": sum(numbers)}'];
  return [...imports, 'def main(numbers):', ...[...writes, 'return {"sum": sum(numbers)}'].map((line) => `    ${line}`)];
}

function javascriptCode(writes: readonly string[], state: KeptState): string[] {
  const sum = '{ sum: numbers.reduce((total, number) => total + number, 0) }';
  if (state === 'variables') return [...writes, `(${sum})`];
  return ['function main({ numbers }) {', ...[...writes, `return ${sum};`].map((line) => `  ${line}`), '}'];
}

function writeLines(language: Language, runtime: ProviderCapabilities['javascriptRuntime']): string[] {
  if (language === 'python') {
    return [
      'Path("artifacts").mkdir(exist_ok=True)',
      `Path("artifacts/${EXAMPLE_ARTIFACT}").write_text("\\n".join(str(n * n) for n in numbers))`,
    ];
  }
  const text = "numbers.map((number) => number ** 2).join('\\n')";
  if (runtime === 'ecmascript') return [`sandbox.files.write('artifacts/${EXAMPLE_ARTIFACT}', ${text});`];
  return [
    "require('node:fs').mkdirSync('artifacts', { recursive: true });",
    `require('node:fs').writeFileSync('artifacts/${EXAMPLE_ARTIFACT}', ${text});`,
  ];
}
