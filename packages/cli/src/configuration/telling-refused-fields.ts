import { SandboxError } from '@sandport/core';
import { usageError } from '../usage-error.ts';

/** Runs a change; what is refused because of this row's fields is a mistake of the command line, told with what to do about it. */
export async function tellingRefusedFields<Value>(row: string, suggestion: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== 'CONFIG_INVALID') throw error;
    if (error.details?.['row'] !== row || error.details['field'] === undefined) throw error;
    throw usageError(`${error.message} Nothing was stored.`, suggestion, error);
  }
}
