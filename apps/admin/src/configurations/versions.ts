import type { Difference, VersionView } from '@sandport/admin-api';
import type { ConfigurationDifference, VersionView as StoredVersion } from '@sandport/settings';
import type { Handlers } from '../server/handler.ts';
import { namedByCaller, versionNumberOf } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { storedOf } from './stored-view.ts';

/** The history: versions, what differs between them, and what was done. */
export function versionHandlers({
  settings: { configurations },
}: SandboxService): Handlers<'listVersions' | 'readVersion' | 'compareVersions' | 'listAudit'> {
  return {
    listVersions: async ({ query, signal }) => ({ versions: [...(await configurations.history({ ...pageOf(query), signal }))] }),
    readVersion: async ({ params, signal }) => {
      const number = versionNumberOf(params.version);
      const view = await configurations.version(number, { signal });
      return { ...toView(view), findings: [...(await configurations.validate(number, { signal }))] };
    },
    compareVersions: async ({ query: { from, to }, signal }) => ({
      differences: (await namedByCaller(configurations.diff(from, to, { signal }), 'to')).map(toDifference),
    }),
    listAudit: async ({ query, signal }) => ({ entries: [...(await configurations.audit({ ...pageOf(query), signal }))] }),
  };
}

/** A difference as it is answered. */
export function toDifference({ row, field, kind, before, after, secret }: ConfigurationDifference): Difference {
  return { row, field, kind, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), secret };
}

function pageOf({ limit, before }: { readonly limit: number; readonly before?: number | undefined }) {
  return before === undefined ? { limit } : { limit, before };
}

function toView({ record, providerType, fallback, policy, override, providers, problems }: StoredVersion): Omit<VersionView, 'findings'> {
  return {
    record,
    providerType,
    fallback: [...fallback],
    policy,
    override,
    providers: Object.fromEntries(providers.map((provider) => [provider.id, storedOf(provider)])),
    problems: [...problems],
  };
}
