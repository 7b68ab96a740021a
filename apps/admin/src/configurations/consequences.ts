import type { Consequences } from '@sandport/admin-api';
import type { ActiveConfiguration, VersionRecord } from '@sandport/settings';
import type { Handler } from '../server/handler.ts';
import { versionNumberOf } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';
import { readFollowers } from '../usage/followers.ts';
import { summaryOf } from './passport-summary.ts';
import { toDifference } from './versions.ts';

/** What would happen if a version came into use now. */
export function foreseeActivation(service: SandboxService): Handler<'foreseeActivation'> {
  const { configurations } = service.settings;
  return async ({ params, signal }): Promise<Consequences> => {
    const number = versionNumberOf(params.version);
    const [active, view] = await Promise.all([configurations.active({ signal }), configurations.version(number, { signal })]);
    const [differences, findings, proofs, followers] = await Promise.all([
      configurations.diff(active.version, number, { signal }),
      configurations.validate(number, { signal }),
      configurations.proofs(number, { signal }),
      readFollowers(service, signal),
    ]);
    return {
      record: view.record,
      activeVersion: active.version,
      differences: differences.map(toDifference),
      findings: [...findings],
      providerType: { before: active.providerType, after: view.providerType },
      proofs: proofs
        .filter(({ isUsed }) => isUsed)
        .map(({ providerId, passport, objection }) => ({ providerId, passport: summaryOf(passport), objection })),
      followers,
      isOutdated: isOutdated(view.record, active),
    };
  };
}

/** A draft says what becomes of the version that it was made from. What another program has written since becomes a version of its own first. */
function isOutdated({ state, parent }: VersionRecord, { version, changedElsewhere }: ActiveConfiguration): boolean {
  return state === 'draft' && (parent !== version || changedElsewhere.length > 0);
}
