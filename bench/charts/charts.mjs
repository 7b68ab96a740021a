// @ts-check
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawConcurrency, drawHandOut, drawWarmCalls } from './call-charts.mjs';
import { drawEmbedded, drawExecutor, drawFigure, drawLayers, drawThroughput } from './provider-charts.mjs';

/** @import { Figures } from '../figures/figures-document.mjs' */

/** Every chart, by the name of its file: what it shows, in words, and which benchmarks it needs one of. */
export const CHARTS = /** @type {const} */ ({
  'warm-calls': {
    shows: 'Warm calls beside a bare start of the interpreter, cold calls and four docker exec commands',
    benchmarks: ['warm-call'],
    draw: drawWarmCalls,
  },
  concurrency: {
    shows: 'Calls at the same time, 1, 4 and 16, beside exec of the engine',
    benchmarks: ['concurrency'],
    draw: drawConcurrency,
  },
  'hand-out': { shows: 'Percentiles of the hand-out from the pool', benchmarks: ['hand-out'], draw: drawHandOut },
  embedded: {
    shows: 'A warm call of the embedded provider beside a bare start of the interpreter',
    benchmarks: ['embedded'],
    draw: drawEmbedded,
  },
  'embedded-throughput': { shows: 'Calls per second of the embedded provider', benchmarks: ['embedded'], draw: drawThroughput },
  executor: { shows: 'A warm call through an executor beside Docker in process', benchmarks: ['executor'], draw: drawExecutor },
  figure: { shows: 'A figure drawn in a warm call and in a cold interpreter', benchmarks: ['figure'], draw: drawFigure },
  layers: { shows: 'What client, code tool and MCP add to a call', benchmarks: ['client-cost', 'agent-cost'], draw: drawLayers },
});

/**
 * The charts of what was measured, by the names of their files. The same figures give the same text.
 *
 * @param {Figures} figures
 * @returns {Map<string, string>}
 */
export function drawCharts(figures) {
  const measured = new Set(figures.rows.map(({ benchmark }) => benchmark));
  return new Map(
    Object.entries(CHARTS).flatMap(([name, { benchmarks, draw }]) =>
      benchmarks.some((benchmark) => measured.has(benchmark)) ? [[`${name}.svg`, draw(figures, name)]] : [],
    ),
  );
}

/**
 * Writes what these figures give, and removes charts of other figures.
 *
 * @param {string} folder
 * @param {Figures} figures
 */
export async function writeCharts(folder, figures) {
  await mkdir(folder, { recursive: true });
  for (const name of Object.keys(CHARTS)) await rm(path.join(folder, `${name}.svg`), { force: true });
  for (const [file, chart] of drawCharts(figures)) await writeFile(path.join(folder, file), chart);
}
