import { SandboxError } from '@sandport/core';
import { asRequestFault } from '../service/caller-faults.ts';

/** Carries out what the predecessor's page asks for: a field that it gave a wrong value is its fault, as it was there. */
export async function faultsOfRequest<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw SandboxError.isInstance(error) && error.code === 'CONFIG_INVALID' && error.details?.['field'] !== undefined
      ? asRequestFault(error, 'config')
      : error;
  }
}
