import type { ConfigurationChoice } from '../../components/configuration-picker.tsx';

/** What is chosen on the page. */
export interface ComparisonInput {
  readonly left: ConfigurationChoice | null;
  readonly right: ConfigurationChoice | null;
  /** Ids of programs; `null`: all of them. */
  readonly programs: readonly string[] | null;
}

/** Nothing is chosen. */
export function initialComparison(): ComparisonInput {
  return { left: null, right: null, programs: null };
}

/** What was kept of a choice; what of it is none is left out. */
export function readComparison(kept: unknown): ComparisonInput | undefined {
  if (!isRecord(kept)) return undefined;
  const { programs } = kept;
  return {
    left: readSide(kept['left']),
    right: readSide(kept['right']),
    programs: Array.isArray(programs) && programs.every((id) => typeof id === 'string') ? programs : null,
  };
}

function readSide(kept: unknown): ConfigurationChoice | null {
  if (!isRecord(kept) || typeof kept['providerId'] !== 'string') return null;
  const { providerId, version } = kept;
  return { providerId, version: typeof version === 'number' && Number.isInteger(version) && version > 0 ? version : null };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
