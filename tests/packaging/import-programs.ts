/** A program that imports packages and prints what each exports. */
export function importingProgram(names: readonly string[]): string {
  return `const found = {};
for (const name of ${JSON.stringify(names)}) found[name] = Object.keys(await import(name)).sort();
process.stdout.write(JSON.stringify(found));
`;
}

/** The same by `require`. */
export function requiringProgram(names: readonly string[]): string {
  return `const found = {};
for (const name of ${JSON.stringify(names)}) found[name] = Object.keys(require(name)).sort();
process.stdout.write(JSON.stringify(found));
`;
}

/** The packages of which a program of these said that they export something. */
export function namesWithExports(stdout: string): string[] {
  const found = JSON.parse(stdout) as Record<string, string[]>;
  return Object.keys(found).filter((name) => (found[name] ?? []).length > 0);
}
