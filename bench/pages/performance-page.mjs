// @ts-check
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { replaceGenerated } from '../../tools/docs/provider-tables.mjs';
import { CHARTS, drawCharts } from '../charts/charts.mjs';
import { amount } from '../charts/amounts.mjs';
import { isMet } from '../measure/report.mjs';

/** @import { FigureGoal, FigureRow, Figures } from '../figures/figures-document.mjs' */

const fileOf = (/** @type {string} */ below) => fileURLToPath(new URL(`../../docs/${below}`, import.meta.url));

export const FIGURES_FILE = fileOf('performance/figures.json');
export const CHARTS_FOLDER = fileOf('images/performance');
const PAGE = fileOf('performance.md');

const NOT_MEASURED = 'This run did not measure it.';

/** Each has a table of its own on the page. */
const TABLES = [
  'embedded',
  'warm-call',
  'concurrency',
  'hand-out',
  'figure',
  'executor',
  'e2b',
  'client-cost',
  'agent-cost',
  'telemetry-cost',
];

/** @param {Figures} figures */
export async function writePerformancePage(figures) {
  await writeFile(PAGE, renderPerformancePage(await readFile(PAGE, 'utf8'), figures));
}

/**
 * The page with its tables as a run found them.
 *
 * @param {string} page
 * @param {Figures} figures
 * @returns {string}
 */
export function renderPerformancePage(page, figures) {
  const drawn = drawCharts(figures);
  const sections = [
    ['run', describeRun(figures)],
    ['goals', goalsTable(figures)],
    ...Object.entries(CHARTS).map(([name, { shows }]) => [
      `chart-${name}`,
      drawn.has(`${name}.svg`) ? `![${shows}](images/performance/${name}.svg)` : NOT_MEASURED,
    ]),
    ...TABLES.map((benchmark) => [benchmark, rowsTable(figures.rows.filter((row) => row.benchmark === benchmark))]),
  ];
  return sections.reduce((text, [name = '', content = '']) => replaceGenerated(text, name, content), page);
}

/** @param {Figures} figures */
function describeRun({ measuredAt, calls, sandport, machine, seconds }) {
  const { engine } = machine;
  const minutes = Object.values(seconds).reduce((sum, each) => sum + each, 0) / 60;
  const rows = [
    ['date', measuredAt.slice(0, 10)],
    ['Sandport', sandport],
    ['machine', `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, Linux ${machine.kernel}`],
    ['load when it began', String(machine.loadAtStart)],
    [
      'interpreters beside which it was measured',
      `Node ${machine.node.slice(1)}${machine.python === null ? '' : `, Python ${machine.python}`}`,
    ],
    ...(engine === null
      ? []
      : [
          [
            'engine',
            `Docker Engine ${engine.version}, ${engine.storage}, cgroup ${engine.cgroup}${engine.gvisor === null ? '' : `, gVisor ${engine.gvisor}`}`,
          ],
        ]),
    ['calls of each kind', `${calls}; where there are more or fewer, the tables say so`],
    ['it took', `${minutes.toFixed(1)} minutes`],
  ];
  return tableOf(['', 'the run that these figures are of'], rows);
}

/** @param {Figures} figures */
function goalsTable({ rows }) {
  const judged = rows.flatMap((row) => (row.goals ?? []).map((goal) => ({ row, goal })));
  const met = judged.filter(({ goal }) => isMet(goal)).length;
  const lines = judged.map(({ row, goal }) => [
    nameOf(row, goal),
    `${goal.bound} ${amount(goal.limit, goal.unit)}`,
    amount(goal.value, goal.unit),
    verdictOf(goal),
  ]);
  return `${met} of ${judged.length} goals were met.\n\n${tableOf(['goal', 'should be', 'was', 'verdict'], lines)}`;
}

/** @param {FigureRow} row @param {FigureGoal} goal */
function nameOf({ what }, goal) {
  return `${goal.what} (${what})`;
}

/** @param {FigureGoal} goal */
function verdictOf(goal) {
  const percent = Math.round((Math.abs(goal.value - goal.limit) / goal.limit) * 100);
  if (!isMet(goal)) return `**missed** by ${percent} %`;
  return `met, ${percent} % ${goal.bound === 'at most' ? 'below' : 'above'} it`;
}

/** @param {readonly FigureRow[]} rows */
function rowsTable(rows) {
  if (rows.length === 0) return NOT_MEASURED;
  const lines = rows.map((row) => [
    row.what,
    amount(row.p50Ms, 'ms'),
    amount(row.p95Ms, 'ms'),
    amount(row.p99Ms, 'ms'),
    `${row.count}${row.misses === undefined || row.misses === 0 ? '' : ` (${row.misses} not warm)`}`,
    besideOf(row),
  ]);
  return tableOf(['what', 'p50', 'p95', 'p99', 'samples', 'beside'], lines);
}

/** @param {FigureRow} row */
function besideOf({ comparisons = [], facts = {} }) {
  const added = facts['addedP50Ms'] ?? facts['addedMs'];
  return [
    ...comparisons.map((each) => `${amount(each.ratio, 'times')} ${each.with}`),
    ...(added === undefined ? [] : [`${amount(added, 'ms')} more`]),
    ...(facts['residentMebibytes'] === undefined ? [] : [`a waiting child: ${amount(facts['residentMebibytes'], 'MiB')} resident`]),
    ...(facts['createMs'] === undefined ? [] : [`making one: ${amount(facts['createMs'], 'ms')}`]),
  ].join('; ');
}

/**
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 */
function tableOf(columns, rows) {
  const cells = rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`);
  return [`| ${columns.join(' | ')} |`, `|${' --- |'.repeat(columns.length)}`, ...cells].join('\n');
}
