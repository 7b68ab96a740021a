#!/usr/bin/env node
// @ts-check
/**
 * `npm run bench`: how long things take, beside what they are compared with, in one run.
 *
 * node bench/main.mjs [--only NAME]… [--isolation gvisor|runc]… [--language python|javascript]… [--calls N] [--json]
 *
 * `embedded`, `e2b`, `client-cost` and `telemetry-cost` need nothing. The others need an engine with the images built, at DOCKER_HOST or the local socket; `warm-call` also the `docker` command.
 */
import { parseArgs } from 'node:util';
import { measureClientCost } from './benchmarks/client-cost.mjs';
import { measureConcurrency } from './benchmarks/concurrency.mjs';
import { measureE2b } from './benchmarks/e2b.mjs';
import { measureEmbedded } from './benchmarks/embedded.mjs';
import { measureExecutor } from './benchmarks/executor.mjs';
import { measureFigure } from './benchmarks/figure.mjs';
import { measureHandOut } from './benchmarks/hand-out.mjs';
import { measureTelemetryCost } from './benchmarks/telemetry-cost.mjs';
import { measureWarmCalls } from './benchmarks/warm-call.mjs';
import { renderRows } from './measure/report.mjs';
import { LANGUAGES, RUNTIMES } from './measure/runtimes.mjs';

/** @import { Isolation, Language } from './measure/runtimes.mjs' */
/** @import { Row } from './measure/report.mjs' */

/** @typedef {{ calls: number, isolations: readonly Isolation[], languages: readonly Language[] }} BenchmarkOptions */

/** @type {Readonly<Record<string, (options: BenchmarkOptions) => Promise<Row[]>>>} */
const BENCHMARKS = {
  embedded: measureEmbedded,
  e2b: measureE2b,
  'client-cost': measureClientCost,
  'telemetry-cost': measureTelemetryCost,
  'hand-out': measureHandOut,
  figure: measureFigure,
  'warm-call': measureWarmCalls,
  concurrency: measureConcurrency,
  executor: measureExecutor,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: Object.keys(BENCHMARKS) },
    isolation: { type: 'string', multiple: true, default: Object.keys(RUNTIMES) },
    language: { type: 'string', multiple: true, default: Object.keys(LANGUAGES) },
    calls: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
  },
});

/**
 * @template {string} Name
 * @param {string} option
 * @param {readonly string[]} names
 * @param {Readonly<Record<Name, unknown>>} known
 * @returns {Name[]}
 */
function checked(option, names, known) {
  return names.map((name) => {
    if (!Object.hasOwn(known, name)) throw new Error(`--${option}: "${name}" is none of ${Object.keys(known).join(', ')}`);
    return /** @type {Name} */ (name);
  });
}

const calls = Number(values.calls);
if (!Number.isInteger(calls) || calls < 1) throw new Error('--calls: must be a whole number of at least 1');
const isolations = checked('isolation', values.isolation, RUNTIMES);
const languages = checked('language', values.language, LANGUAGES);

const report = [];
for (const benchmark of checked('only', values.only, BENCHMARKS)) {
  const rows = (await BENCHMARKS[benchmark]?.({ calls, isolations, languages })) ?? [];
  report.push(...rows.map((row) => ({ benchmark, ...row })));
  if (!values.json) process.stdout.write(renderRows(benchmark, rows));
}
if (values.json) process.stdout.write(`${JSON.stringify({ node: process.version, calls, rows: report }, null, 2)}\n`);
