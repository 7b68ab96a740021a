import { describe, expect, test } from 'vitest';
import { parseModule } from './module-model.ts';

const specifiersOf = (text: string): string[] => parseModule('sample.ts', text).imports.map(({ specifier }) => specifier);

describe('parseModule', () => {
  test.each([
    [`import { a } from 'x';`],
    [`import type { A } from 'x';`],
    [`import { type A } from 'x';`],
    [`import * as all from 'x';`],
    [`import 'x';`],
    [`export { a } from 'x';`],
    [`export type { A } from 'x';`],
    [`export * from 'x';`],
    [`async function load() { return import('x'); }`],
    [`type A = import('x').A;`],
  ])('sees the other module in %s', (text) => {
    expect(specifiersOf(text)).toEqual(['x']);
  });

  test('is not fooled by comments and strings', () => {
    expect(specifiersOf(`// import 'x';\n/* import 'y'; */\nconst text = "import 'z'";`)).toEqual([]);
  });

  test('knows which names are taken and which are given', () => {
    const module = parseModule(
      'sample.ts',
      `import { a as b, type C } from 'x';\nconst d = b;\nexport { d };\nexport interface D {}\nexport const e = 1;`,
    );
    expect(module.imports).toEqual([{ specifier: 'x', names: ['a', 'C'] }]);
    expect(module.exportedNames).toEqual(['d', 'D', 'e']);
  });

  test.each([
    [`export * from './x.ts';`, true],
    [`export * as all from './x.ts';`, true],
    [`export { x } from './x.ts';`, false],
  ])('says of %s whether it exports everything', (text, expected) => {
    expect(parseModule('sample.ts', text).hasExportStar).toBe(expected);
  });

  test.each([
    [`await work();`, true],
    [`export const value = await work();`, true],
    [`for await (const item of items) use(item);`, true],
    [`if (wanted) { await work(); }`, true],
    [`await using handle = open();`, true],
    [`async function main() { await work(); }`, false],
    [`const main = async () => { for await (const item of items) use(item); };`, false],
    [`class Worker { async run() { await work(); } }`, false],
  ])('says of %s whether the module waits while it is loaded', (text, expected) => {
    expect(parseModule('sample.ts', text).hasTopLevelAwait).toBe(expected);
  });

  test('counts lines as an editor does', () => {
    expect(parseModule('sample.ts', 'const a = 1;\nconst b = 2;\n').lineCount).toBe(2);
    expect(parseModule('sample.ts', 'const a = 1;').lineCount).toBe(1);
  });

  test('refuses what is not TypeScript', () => {
    expect(() => parseModule('sample.ts', 'const = ;')).toThrow('sample.ts cannot be parsed');
  });
});
