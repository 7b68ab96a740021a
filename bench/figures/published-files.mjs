// @ts-check
import { fileURLToPath } from 'node:url';

/** The document that the pages of this clone are made from. */
export const FIGURES_FILE = fileURLToPath(new URL('../../docs/performance/figures.json', import.meta.url));

/** Where those pages have their charts. */
export const CHARTS_FOLDER = fileURLToPath(new URL('../../docs/images/performance', import.meta.url));
