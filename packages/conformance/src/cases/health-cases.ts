import { inspect } from 'node:util';
import { healthStatusOf, ISOLATION_KINDS, toErrorPayload } from '@sandport/core';
import { NotApplicable } from '../conformance-failure.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectText, expectTrue } from '../expectations.ts';

/** What somebody who prints a value can see. */
const printed = (value: unknown) => inspect(value, { depth: 6, showHidden: true, maxStringLength: null, maxArrayLength: null });

/** What a provider says about itself. */
export const healthCases: readonly ConformanceCase[] = [
  withoutProgram({
    id: 'health/report',
    title: 'reports what it looked at, what it measured and what to do',
    async run({ provider, signal }) {
      const report = await provider.checkHealth({ signal });
      expectEqual(report.providerId, provider.id, 'providerId');
      expectTrue(report.checks.length > 0, 'checks', report.checks, 'at least one');
      expectEqual(report.status, healthStatusOf(report.checks), 'status, by the checks');
      expectTrue(report.status !== 'unhealthy', 'status of a provider that runs programs', report.checks, 'healthy or degraded');
      for (const check of report.checks) {
        expectText(check.name, 'name of a check');
        expectText(check.message, 'message of a check');
        expectTrue(check.status === 'ok' || (check.remedy ?? '') !== '', 'remedy of a check that is not ok', check);
      }
      const { isolation } = report;
      expectTrue(isolation !== null && ISOLATION_KINDS.includes(isolation.kind) && isolation.measuredBy !== '', 'isolation', isolation);
      expectEqual(new Date(report.checkedAt).toISOString(), report.checkedAt, 'checkedAt');
      expectTrue(report.durationMs >= 0, 'durationMs', report.durationMs, 'not negative');
    },
  }),
  inOneLanguage({
    id: 'health/no-secrets',
    title: 'shows no secret of its configuration in reports, results, errors or itself',
    programs: { python: 'print(1)\n', javascript: 'console.log(1);\n' },
    async run(context, { code, language }) {
      if (context.plantedSecrets.length === 0) throw new NotApplicable('no secret was planted in the configuration');
      const { provider, signal } = context;
      const refused = context.createSandbox({ language, limits: { memoryBytes: -1 } });
      const error = await expectRefusal(refused, ['CAPABILITY_UNSUPPORTED', 'REQUEST_INVALID']);
      const report = await provider.checkHealth({ signal });
      const result = await context.execute({ code, language });
      const shown = { provider, report, result, error, json: JSON.stringify([report, result, toErrorPayload(error)]) };
      for (const [what, value] of Object.entries(shown)) {
        const text = printed(value);
        const found = context.plantedSecrets.filter((secret) => text.includes(secret)).length;
        expectEqual(found, 0, `planted secrets in the ${what}`);
      }
    },
  }),
].flat();
