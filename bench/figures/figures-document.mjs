// @ts-check
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** @import { Row } from '../measure/report.mjs' */

const goalSchema = z.strictObject({
  what: z.string(),
  unit: z.enum(['ms', 'times', 'per second']),
  bound: z.enum(['at most', 'at least']),
  limit: z.number(),
  value: z.number(),
});

const rowSchema = z.strictObject({
  benchmark: z.string(),
  series: z.string(),
  what: z.string(),
  language: z.enum(['python', 'javascript']).optional(),
  isolation: z.enum(['runc', 'gvisor', 'wasm']).optional(),
  atATime: z.int().positive().optional(),
  count: z.int().positive(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  misses: z.int().nonnegative().optional(),
  comparisons: z.array(z.strictObject({ with: z.string(), ratio: z.number() })).optional(),
  goals: z.array(goalSchema).optional(),
  facts: z.record(z.string(), z.number()).optional(),
});

const machineSchema = z.strictObject({
  cores: z.int(),
  processor: z.string(),
  memoryGib: z.number(),
  kernel: z.string(),
  node: z.string(),
  python: z.string().nullable(),
  loadAtStart: z.number(),
  engine: z.strictObject({ version: z.string(), storage: z.string(), cgroup: z.string(), gvisor: z.string().nullable() }).nullable(),
});

/** What one run of the bench found. Charts and tables are made from it, and from nothing else. */
export const figuresSchema = z.strictObject({
  measuredAt: z.iso.datetime(),
  calls: z.int(),
  sandport: z.string(),
  machine: machineSchema,
  seconds: z.record(z.string(), z.number()),
  rows: z.array(rowSchema),
});

/** @typedef {z.infer<typeof figuresSchema>} Figures */
/** @typedef {Figures['rows'][number]} FigureRow */
/** @typedef {NonNullable<FigureRow['goals']>[number]} FigureGoal */

/**
 * A row as the document keeps it. Without a sample there is no row: nothing was warm, and `misses` alone would look like a figure.
 *
 * @param {string} benchmark
 * @param {Row} row
 * @returns {FigureRow[]} one or none
 */
export function figureRows(benchmark, { note: _note, comparisons = [], goals = [], facts = {}, ...row }) {
  if (row.count === 0) return [];
  const known = comparisons.filter(({ ratio }) => Number.isFinite(ratio)).map((each) => ({ ...each, ratio: rounded(each.ratio) }));
  const judged = goals.filter(({ value }) => Number.isFinite(value)).map((each) => ({ ...each, value: rounded(each.value) }));
  const told = Object.entries(facts).flatMap(([name, value]) => (Number.isFinite(value) ? [[name, rounded(value)]] : []));
  return [
    {
      benchmark,
      ...row,
      p50Ms: rounded(row.p50Ms),
      p95Ms: rounded(row.p95Ms),
      p99Ms: rounded(row.p99Ms),
      ...(known.length === 0 ? {} : { comparisons: known }),
      ...(judged.length === 0 ? {} : { goals: judged }),
      ...(told.length === 0 ? {} : { facts: Object.fromEntries(told) }),
    },
  ];
}

/** To five digits, more of which nobody has measured. @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(5));
}

/** @param {string} file @returns {Promise<Figures>} */
export async function readFigures(file) {
  return figuresSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** @param {string} file @param {Figures} figures */
export async function writeFigures(file, figures) {
  await writeFile(file, `${JSON.stringify(figuresSchema.parse(figures), null, 2)}\n`);
}
