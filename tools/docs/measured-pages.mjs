// @ts-check
/** Pages and charts that are made from documents of a bench and of a soak. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawRecovery } from '../../bench/charts/recovery-chart.mjs';
import { writeCharts } from '../../bench/charts/charts.mjs';
import { readFigures } from '../../bench/figures/figures-document.mjs';
import { CHARTS_FOLDER, FIGURES_FILE } from '../../bench/figures/published-files.mjs';
import { repositoryRoot } from '../setup/repository.mjs';
import { renderPerformancePage } from './performance-page.mjs';
import { renderReliabilityPage } from './reliability-page.mjs';

const docs = path.join(repositoryRoot, 'docs');

/** @returns {Promise<string[]>} what was written */
export async function writeMeasuredPages() {
  const figures = await readFigures(FIGURES_FILE);
  await writeCharts(CHARTS_FOLDER, figures);
  const performancePage = path.join(docs, 'performance.md');
  await writeFile(performancePage, renderPerformancePage(await readFile(performancePage, 'utf8'), figures));
  /** @type {import('./reliability-page.mjs').SoakDocument} */
  const soak = JSON.parse(await readFile(path.join(docs, 'reliability', 'figures.json'), 'utf8'));
  const reliabilityPage = path.join(docs, 'reliability.md');
  await writeFile(reliabilityPage, renderReliabilityPage(await readFile(reliabilityPage, 'utf8'), soak));
  const folder = path.join(docs, 'images', 'reliability');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'recovery.svg'), drawRecovery(soak, 'recovery'));
  return [performancePage, reliabilityPage, CHARTS_FOLDER, folder];
}
