#!/usr/bin/env node
// @ts-check
/**
 * `npm run bench`: how long things take, beside what they are compared with, in one run.
 *
 * node bench/main.mjs [--only NAME]… [--isolation gvisor|runc]… [--language python|javascript]… [--calls N] [--json] [--figures FILE] [--charts FOLDER] [--report]
 *
 * `--figures` keeps what was found, `--charts` draws it, and `--report` does both where the pages of this clone have them; `npm run docs` then writes the tables.
 * `embedded`, `e2b`, `client-cost`, `telemetry-cost` and `agent-cost` need nothing. The others need an engine with the images built, at DOCKER_HOST or the local socket; `warm-call` also the `docker` command.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureAgentCost } from './benchmarks/agent-cost.mjs';
import { measureClientCost } from './benchmarks/client-cost.mjs';
import { measureConcurrency } from './benchmarks/concurrency.mjs';
import { measureE2b } from './benchmarks/e2b.mjs';
import { measureEmbedded } from './benchmarks/embedded.mjs';
import { measureExecutor } from './benchmarks/executor.mjs';
import { measureFigure } from './benchmarks/figure.mjs';
import { measureHandOut } from './benchmarks/hand-out.mjs';
import { measureTelemetryCost } from './benchmarks/telemetry-cost.mjs';
import { measureWarmCalls } from './benchmarks/warm-call.mjs';
import { writeCharts } from './charts/charts.mjs';
import { figureRows, writeFigures } from './figures/figures-document.mjs';
import { describeMachine } from './figures/machine.mjs';
import { CHARTS_FOLDER, FIGURES_FILE } from './figures/published-files.mjs';
import { renderRows } from './measure/report.mjs';
import { LANGUAGES, RUNTIMES } from './measure/runtimes.mjs';

/** @import { Isolation, Language } from './measure/runtimes.mjs' */
/** @import { Figures } from './figures/figures-document.mjs' */
/** @import { Row } from './measure/report.mjs' */

/** @typedef {{ calls: number, isolations: readonly Isolation[], languages: readonly Language[] }} BenchmarkOptions */

const NEED_NO_ENGINE = new Set(['embedded', 'e2b', 'client-cost', 'telemetry-cost', 'agent-cost']);

/** @type {Readonly<Record<string, (options: BenchmarkOptions) => Promise<Row[]>>>} */
const BENCHMARKS = {
  embedded: measureEmbedded,
  e2b: measureE2b,
  'client-cost': measureClientCost,
  'telemetry-cost': measureTelemetryCost,
  'agent-cost': measureAgentCost,
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
    calls: { type: 'string', default: '12' },
    json: { type: 'boolean', default: false },
    figures: { type: 'string' },
    charts: { type: 'string' },
    report: { type: 'boolean', default: false },
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

const only = checked('only', values.only, BENCHMARKS);
const machine = await describeMachine({ needsEngine: only.some((name) => !NEED_NO_ENGINE.has(name)) });
const measuredAt = new Date().toISOString();

/** @type {{ benchmark: string, row: Row }[]} */
const found = [];
/** @type {Record<string, number>} */
const seconds = {};
for (const benchmark of only) {
  const began = performance.now();
  const rows = await measure(benchmark);
  seconds[benchmark] = Math.round((performance.now() - began) / 100) / 10;
  found.push(...rows.map((row) => ({ benchmark, row })));
  if (!values.json && rows.length > 0) process.stdout.write(renderRows(benchmark, rows));
}

/** @type {Figures} */
const figures = {
  measuredAt,
  calls,
  sandport: await versionOfSandport(),
  machine,
  seconds,
  rows: found.flatMap(({ benchmark, row }) => figureRows(benchmark, row)),
};
if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);

const figuresFile = values.figures ?? (values.report ? FIGURES_FILE : undefined);
if (figuresFile !== undefined) {
  await mkdir(path.dirname(figuresFile), { recursive: true });
  await writeFigures(figuresFile, figures);
}
const chartsFolder = values.charts ?? (values.report ? CHARTS_FOLDER : undefined);
if (chartsFolder !== undefined) await writeCharts(chartsFolder, figures);

/** What the others found is kept when one breaks off; the exit code says that it did. @param {string} benchmark @returns {Promise<Row[]>} */
async function measure(benchmark) {
  try {
    return (await BENCHMARKS[benchmark]?.({ calls, isolations, languages })) ?? [];
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${benchmark} broke off: ${error instanceof Error ? error.stack : String(error)}\n`);
    return [];
  }
}

async function versionOfSandport() {
  const { version } = JSON.parse(await readFile(new URL('../packages/core/package.json', import.meta.url), 'utf8'));
  return String(version);
}
