// @ts-check
/** The parts of docs/reliability.md that are made from the document of a soak. */
import { replaceGenerated } from './provider-tables.mjs';

/**
 * What `soak --json` printed.
 *
 * @typedef {object} SoakDocument
 * @property {{ date: string, node: string, kernel: string, cpus: number, memoryGib: number, engine: string, cgroup: string, storage: string, scale: number }} machine
 * @property {number} seconds
 * @property {readonly { scenario: string, isolation: string, figures: SoakFigures, problems: readonly string[] }[]} reports
 */

/** @typedef {{ p50: number, p95: number, max: number }} Spread */
/** @typedef {{ rssMib: number, heapMib: number, openFiles: number }} Holdings */

/**
 * Figures of any scenario: each has those that are its own.
 *
 * @typedef {object} SoakFigures
 * @property {number} [rounds]
 * @property {Readonly<Record<string, number>>} [struck]
 * @property {{ max: number }} [struckSettledMs]
 * @property {Spread} [answeredAgainMs]
 * @property {Spread} [fullAgainMs]
 * @property {number} [kills]
 * @property {number} [programsStarted]
 * @property {number} [startedTwice]
 * @property {number} [orphans]
 * @property {Spread} [runningGoneMs]
 * @property {{ containers: number, leases: number }} [leftForTheReaper]
 * @property {number} [calls]
 * @property {number} [atATime]
 * @property {number} [callsPerSandbox]
 * @property {number} [perSecond]
 * @property {Holdings} [before]
 * @property {Holdings} [after]
 * @property {number} [maxWaitMs]
 * @property {number} [answered]
 * @property {number} [refused]
 * @property {Spread} [refusalMs]
 * @property {Spread} [aloneMs]
 * @property {Spread} [besideMs]
 * @property {number} [crowdCalls]
 * @property {Readonly<Record<string, number>>} [crowd]
 * @property {number} [megabytes]
 * @property {number} [lines]
 * @property {number} [settledMs]
 * @property {{ growthMib: number }} [memory]
 */

const ISOLATIONS = ['runc', 'gvisor'];

/**
 * A line of the table: its scenario, its words, and what it says of a scenario's figures; nothing where the run did not see it.
 *
 * @type {readonly (readonly [scenario: string, words: (figures: SoakFigures) => string, cell: (figures: SoakFigures) => string | undefined])[]}
 */
const LINES = [
  [
    'socket-cut',
    ({ rounds }) => `socket cut under 3 calls, ${rounds} times: answered again after`,
    (figures) => spread(figures.answeredAgainMs),
  ],
  ['socket-cut', () => '… pool full again after', (figures) => spread(figures.fullAgainMs)],
  ['socket-cut', struckWords, struckCell],
  [
    'socket-stalled',
    ({ rounds }) => `socket stalled for 3 s, ${rounds} times: answered again after`,
    (figures) => spread(figures.answeredAgainMs),
  ],
  ['socket-stalled', (figures) => `${struckWords(figures)}, whose time limit of 1 s passed meanwhile`, struckCell],
  [
    'containers-removed',
    ({ rounds }) => `containers removed behind our back, ${rounds} times: pool full again after`,
    (figures) => spread(figures.fullAgainMs),
  ],
  ['containers-removed', struckWords, struckCell],
  [
    'engine-killed',
    ({ rounds }) => `engine killed with SIGKILL and started again, ${rounds} times: pool full again after`,
    (figures) => spread(figures.fullAgainMs),
  ],
  ['engine-killed', struckWords, struckCell],
  [
    'processes-killed',
    ({ kills }) => `our process killed with SIGKILL at ${kills} random moments: its containers stopped after`,
    (figures) => spread(figures.runningGoneMs),
  ],
  [
    'processes-killed',
    () => '… programs started, twice started, containers left at the end',
    ({ programsStarted, startedTwice, orphans }) => `${programsStarted}, ${startedTwice}, ${orphans}`,
  ],
  [
    'processes-killed',
    () => '… containers, leases that another process had to reap',
    ({ leftForTheReaper: left }) => left && `${left.containers}, ${left.leases}`,
  ],
  [
    'calls-in-a-row',
    ({ calls, callsPerSandbox }) => `${whole(calls)} calls in a row, ${callsPerSandbox} per sandbox: calls per second`,
    perSecond,
  ],
  ...holdingsLines('calls-in-a-row'),
  [
    'calls-at-a-time',
    ({ calls, atATime }) => `${whole(calls)} calls, ${atATime} at a time, each in its own sandbox: calls per second`,
    perSecond,
  ],
  ...holdingsLines('calls-at-a-time'),
  [
    'burst',
    ({ calls, maxWaitMs = 0 }) => `burst of ${calls} calls that wait ${maxWaitMs / 1_000} s at most, pool of 8: answered, refused`,
    ({ answered, refused }) => `${answered}, ${refused}`,
  ],
  ['burst', () => '… refusals came after', (figures) => spread(figures.refusalMs)],
  ['two-tenants', () => "a tenant's wait alone, one call a second", (figures) => spread(figures.aloneMs)],
  ['two-tenants', () => '… and beside one with 100 calls a second', (figures) => spread(figures.besideMs)],
  ['two-tenants', () => '… calls of that one, answered', ({ crowdCalls, crowd }) => `${whole(crowdCalls)}, ${whole(crowd?.['completed'])}`],
  [
    'output-flood',
    ({ megabytes }) => `${megabytes} MB of output under a cap of 1 MiB: settled after, our memory grew by`,
    ({ settledMs, memory }) => `${settledMs}, ${memory?.growthMib} MiB`,
  ],
  ['output-lines', ({ lines }) => `${whole(lines)} lines, each flushed: whole and in order after`, ({ settledMs }) => String(settledMs)],
];

/** @param {string} scenario @returns {typeof LINES[number][]} */
function holdingsLines(scenario) {
  return [
    [scenario, () => '… resident memory, heap (MiB) and open files before', ({ before }) => holdings(before)],
    [scenario, () => '… and after', ({ after }) => holdings(after)],
  ];
}

/**
 * The page with what a run saw.
 *
 * @param {string} page
 * @param {SoakDocument} soak
 * @returns {string}
 */
export function renderReliabilityPage(page, soak) {
  return replaceGenerated(replaceGenerated(page, 'soak-run', describeRun(soak)), 'soak-figures', figuresTable(soak));
}

/** @param {SoakDocument} soak */
function describeRun({ machine, seconds, reports }) {
  const well = reports.filter(({ problems }) => problems.length === 0).length;
  const size = machine.scale === 1 ? 'one full run' : `one run at ${machine.scale} of its size`;
  return [
    `${machine.date.slice(0, 10)}, ${size} of ${Math.round(seconds / 60)} minutes: ${reports.length} scenarios, ${well} well.`,
    `${machine.cpus} cores, ${machine.memoryGib} GiB, Linux ${machine.kernel}, Node ${machine.node.slice(1)},`,
    `Docker Engine ${machine.engine}, ${machine.storage}, cgroup v${machine.cgroup}.`,
    'Times in milliseconds, p50 / p95 / largest unless said otherwise.',
  ].join(' ');
}

/** @param {SoakDocument} soak */
function figuresTable({ reports }) {
  const rows = LINES.flatMap(([scenario, words, cell]) => {
    const seen = ISOLATIONS.map(
      (isolation) => reports.find((report) => report.scenario === scenario && report.isolation === isolation)?.figures,
    );
    const any = seen.find((figures) => figures !== undefined);
    const cells = seen.map((figures) => (figures === undefined ? '' : (cell(figures) ?? '')));
    return any === undefined || cells.every((each) => each === '') ? [] : [`| ${words(any)} | ${cells.join(' | ')} |`];
  });
  return ['| scenario | runc | gVisor |', '| --- | --- | --- |', ...rows].join('\n');
}

/** @param {SoakFigures} figures */
function struckWords({ struck = {} }) {
  return `… the ${Object.values(struck).reduce((sum, count) => sum + count, 0)} calls that it struck`;
}

/** @param {SoakFigures} figures */
function struckCell({ struck = {}, struckSettledMs }) {
  const told = Object.entries(struck).map(([outcome, count]) => `${count} \`${outcome}\``);
  return `${told.join(', ')}${struckSettledMs === undefined ? '' : `, after at most ${Math.round(struckSettledMs.max)}`}`;
}

/** @param {Spread | undefined} times */
function spread(times) {
  if (times === undefined) return undefined;
  return [times.p50, times.p95, times.max].map((each) => (each >= 100 ? Math.round(each) : each)).join(' / ');
}

/** @param {SoakFigures} figures */
function perSecond({ perSecond: rate }) {
  return rate === undefined ? undefined : String(rate);
}

/** @param {Holdings | undefined} held */
function holdings(held) {
  return held === undefined ? undefined : `${held.rssMib}, ${held.heapMib}, ${held.openFiles}`;
}

/** @param {number | undefined} count */
function whole(count) {
  return count?.toLocaleString('en-US') ?? '';
}
