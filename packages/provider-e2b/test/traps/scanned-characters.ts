/** Counts the characters that are looked at for an end of a line while a call lasts, whoever looks. */
export async function countScanned<Result>(call: () => Promise<Result>): Promise<{ readonly result: Result; readonly scanned: number }> {
  const original = Object.getOwnPropertyDescriptor(String.prototype, 'indexOf');
  if (original === undefined) throw new Error('Text cannot be searched here.');
  const search = original.value as (this: string, text: string, from?: number) => number;
  let scanned = 0;
  Object.defineProperty(String.prototype, 'indexOf', {
    ...original,
    value(this: string, text: string, from = 0): number {
      const at = search.call(this, text, from);
      if (text === '\n') scanned += (at < 0 ? this.length : at + 1) - from;
      return at;
    },
  });
  try {
    return { result: await call(), scanned };
  } finally {
    Object.defineProperty(String.prototype, 'indexOf', original);
  }
}
