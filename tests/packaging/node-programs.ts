import { listPublishedPackages } from '../../tools/setup/repository.mjs';
import { ensureNode } from '../../tools/test/ensure-node.mjs';

/** The Nodes that packages are made for. */
export const NODE_MAJORS = [20, 22, 24] as const;

/** Every Node of {@link NODE_MAJORS} by its major; what is not here yet comes from the registry. */
export async function ensureNodePrograms(signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
  const programs = new Map<number, string>();
  for (const major of NODE_MAJORS) {
    const isThisOne = process.versions.node.startsWith(`${major}.`);
    programs.set(major, isThisOne ? process.execPath : await ensureNode(major, signal));
  }
  return programs;
}

/** The published packages that say of themselves that they run under a Node. */
export function packagesFor(major: number): string[] {
  return listPublishedPackages()
    .filter(({ manifest }) => admits((manifest.publishConfig?.engines ?? manifest.engines)?.node ?? '', major))
    .map(({ manifest }) => manifest.name);
}

/** Ranges are written as `^20.19.0 || >=24.0.0`. */
function admits(range: string, major: number): boolean {
  return range.split('||').some((part) => {
    const [, sign, first] = /^\s*(\^|>=)(\d+)[.\d]*\s*$/.exec(part) ?? [];
    if (first === undefined) throw new Error(`"${range}" is no range that is understood here`);
    return sign === '^' ? major === Number(first) : major >= Number(first);
  });
}
