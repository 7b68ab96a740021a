// @ts-check

/** @import { FigureGoal, FigureRow, Figures } from '../figures/figures-document.mjs' */

/** @typedef {Pick<FigureRow, 'benchmark' | 'series'> & Partial<Pick<FigureRow, 'language' | 'isolation' | 'atATime'>>} Wanted */

/**
 * The row of a subject. A run that measured only some things has not every one.
 *
 * @param {Figures} figures
 * @param {Wanted} wanted
 * @returns {FigureRow | undefined}
 */
export function findRow({ rows }, { benchmark, series, language, isolation, atATime }) {
  return rows.find(
    (row) =>
      row.benchmark === benchmark &&
      row.series === series &&
      (language === undefined || row.language === language) &&
      (isolation === undefined || row.isolation === isolation) &&
      (atATime === undefined || row.atATime === atATime),
  );
}

/** @param {FigureRow | undefined} row @param {FigureGoal['unit']} unit @returns {FigureGoal | undefined} */
export function goalOf(row, unit) {
  return row?.goals?.find((goal) => goal.unit === unit);
}

/** The first goal of a unit that any row of a benchmark has. @param {Figures} figures @param {string} benchmark @param {FigureGoal['unit']} unit */
export function goalAmong({ rows }, benchmark, unit) {
  return rows.filter((row) => row.benchmark === benchmark).flatMap((row) => goalOf(row, unit) ?? [])[0];
}
