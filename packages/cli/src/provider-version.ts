import { createRequire } from 'node:module';

const requireHere = createRequire(import.meta.url);

/** The installed version of the package that a provider comes from; `null` for a provider of none of the packages that this command carries. */
export function providerVersion(id: string): string | null {
  const kebab = id.replaceAll('_', '-');
  const dependencies = memberOf(requireHere('@sandport/providers/package.json'), 'dependencies');
  const name = Object.keys(dependencies ?? {}).find((each) => {
    const own = each.replace('@sandport/provider-', '');
    return own !== each && (kebab === own || kebab.startsWith(`${own}-`));
  });
  if (name === undefined) return null;
  // Who lists the providers has them; this package need not.
  const requireThere = createRequire(requireHere.resolve('@sandport/providers/package.json'));
  return String(memberOf(requireThere(`${name}/package.json`), 'version'));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
