// @ts-check
/** The parts of docs/performance.md that are made from the document of a bench. */
import { amount } from '../../bench/charts/amounts.mjs';
import { CHARTS, drawCharts } from '../../bench/charts/charts.mjs';
import { isMet } from '../../bench/measure/report.mjs';
import { replaceGenerated } from './provider-tables.mjs';

/** @import { FigureGoal, FigureRow, Figures } from '../../bench/figures/figures-document.mjs' */

/** A load above this, for each core, is other work. */
const QUIET_LOAD_PER_CORE = 0.5;
const BUSY = '**The machine did other work meanwhile: these figures are worse than what it can do, and so are some of the ratios.**';
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
  const table = tableOf(['', 'the run that these figures are of'], rows);
  return machine.loadAtStart > machine.cores * QUIET_LOAD_PER_CORE ? `${table}\n\n${BUSY}` : table;
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
