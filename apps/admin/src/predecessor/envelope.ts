/** Data in the envelope of the predecessor. */
export function envelope<Data>(data: Data, message = 'success'): { code: number; message: string; data: Data } {
  return { code: 0, message, data };
}
