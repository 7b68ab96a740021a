/** Reads an option that may be repeated. */
export function collect(value: string, former: readonly string[]): string[] {
  return [...former, value];
}
