import { callApi } from '../../../api/api.ts';

/** How a version comes into use. */
export interface Use {
  readonly number: number;
  /** A draft comes into use; a former version comes back. */
  readonly act: 'activate' | 'roll-back';
  /** The version in use that was seen. */
  readonly expectedActive: number | null;
  readonly reason: string;
  /** Whether the policy speaks against it, and is set aside. */
  readonly isObjected: boolean;
}

/** Brings a version into use, and gives the number of what is in use then. */
export async function bringIntoUse({ number, act, expectedActive, reason, isObjected }: Use): Promise<number> {
  const params = { version: number };
  if (isObjected) return (await callApi('setPolicyAside', { params, body: { expectedActive, reason, act } })).version;
  if (act === 'roll-back') return (await callApi('rollBack', { params, body: { expectedActive, reason } })).version;
  return (await callApi('activateVersion', { params, body: { expectedActive } })).version;
}
