// @ts-check
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawConcurrency, drawHandOut, drawWarmCalls } from './call-charts.mjs';
import { drawEmbedded, drawExecutor, drawFigure, drawLayers, drawThroughput } from './provider-charts.mjs';

/** @import { Figures } from '../figures/figures-document.mjs' */

/** Every chart, by the name of its file, with the benchmarks that it shows. */
const CHARTS = /** @type {const} */ ({
  'warm-calls': { benchmarks: ['warm-call'], draw: drawWarmCalls },
  concurrency: { benchmarks: ['concurrency'], draw: drawConcurrency },
  'hand-out': { benchmarks: ['hand-out'], draw: drawHandOut },
  embedded: { benchmarks: ['embedded'], draw: drawEmbedded },
  'embedded-throughput': { benchmarks: ['embedded'], draw: drawThroughput },
  executor: { benchmarks: ['executor'], draw: drawExecutor },
  figure: { benchmarks: ['figure'], draw: drawFigure },
  layers: { benchmarks: ['client-cost', 'agent-cost'], draw: drawLayers },
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

/** @param {string} folder @param {Figures} figures @returns {Promise<string[]>} the files that were written */
export async function writeCharts(folder, figures) {
  await mkdir(folder, { recursive: true });
  const files = [];
  for (const [file, chart] of drawCharts(figures)) {
    await writeFile(path.join(folder, file), chart);
    files.push(path.join(folder, file));
  }
  return files;
}
