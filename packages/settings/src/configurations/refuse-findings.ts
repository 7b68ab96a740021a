import { POLICY_SETTING, SandboxError } from '@sandport/core';
import type { ConfigurationDocument } from './configuration-document.ts';
import type { LedgerContext } from './configuration-ledger.ts';
import { findFindings } from './document-findings.ts';

/**
 * Refuses a document for an error that a change of these rows brings about, or that hides what the policy says. An error in another row, which another program may have written, is
 * there with and without the change, and does not keep anybody from mending the rest.
 *
 * @throws SandboxError with the code of the finding, naming row and field.
 */
export function refuseFindings(
  document: ConfigurationDocument,
  touched: ReadonlySet<string>,
  { catalog, keyRing }: Pick<LedgerContext, 'catalog' | 'keyRing'>,
): void {
  const finding = findFindings(document, catalog, keyRing).find(
    ({ kind, row, causes }) => kind === 'error' && (row === POLICY_SETTING || causes.some((cause) => touched.has(cause))),
  );
  if (finding === undefined) return;
  const { code, row, field, message, suggestion } = finding;
  throw new SandboxError(code, message, {
    operation: 'changeConfiguration',
    suggestion: `${suggestion} Nothing was stored.`.trim(),
    details: field === null ? { row } : { row, field },
  });
}
