import { Buffer } from 'node:buffer';
import type { ExecutionResult, JsonValue } from '@sandport/core';
import { BoundedText, decideVerdict, type RunFacts, type Verdict } from '@sandport/provider-kit';
import { HONEST, type Habits, type PrintedText } from '../unisolated/habits.ts';
import type { FaultyProviders } from './faulty-provider.ts';

const NO_ARTIFACTS = { files: [], omitted: [], complete: true } as const;

/** Lies about what a program printed, returned and left. */
export const DATA_LIES: FaultyProviders = {
  'value-from-stdout': {
    habits: { decide: valueFromStdout },
    fails: [
      'concurrency/no-mixing',
      'programs/module-export',
      'programs/unicode-source',
      'values/no-main',
      'values/printed-and-returned',
      'values/printed-lookalikes',
      'values/unfinished-line',
    ],
  },
  'loses-big-integers': { habits: { finish: writeValueAnew }, fails: ['values/big-integer'] },
  'drops-falsy-values': { habits: { finish: dropFalsyValue }, fails: ['programs/empty-input', 'values/false', 'values/nothing-returned'] },
  'treats-files-as-text': {
    habits: { carry: (content) => Buffer.from(Buffer.from(content).toString()) },
    fails: ['artifacts/collected', 'files/input', 'files/large', 'files/write-and-read'],
  },
  'splits-utf8': {
    habits: { newText: (limitBytes) => new PieceText(limitBytes) },
    fails: ['output/limit-stderr', 'output/limit-stdout', 'output/split-characters'],
  },
  'caps-output-at-64-kib': {
    habits: { newText: (limitBytes) => new BoundedText(Math.min(limitBytes, 65_536)) },
    fails: ['output/large', 'output/limit-stderr', 'output/limit-stdout', 'output/many-lines'],
  },
  'strips-control-characters': {
    habits: { finish: (result) => ({ ...result, stdout: result.stdout.replace(/[^\P{Cc}\n]/gu, '') }) },
    fails: ['output/control-characters'],
  },
  'hides-truncation': {
    habits: {
      endsProgramOn: { ...HONEST.endsProgramOn, outputLimit: false },
      finish: (result) => ({ ...result, truncated: { stdout: false, stderr: false } }),
    },
    fails: ['output/limit-passed', 'output/limit-stderr', 'output/limit-stdout'],
  },
  'loses-stdout-on-failure': {
    habits: { finish: (result) => (result.status === 'failed' ? { ...result, stdout: '' } : result) },
    fails: [
      'errors/at-load',
      'errors/exit-code-124',
      'errors/exit-code-137',
      'errors/exit-code-3',
      'errors/output-kept',
      'errors/sigabrt',
      'errors/sigsegv',
      'programs/runs-once',
      'values/collection',
      'values/cycle',
      'values/date',
      'values/function',
      'values/infinity',
      'values/nan',
      'values/too-deep',
      'values/too-large',
    ],
  },
  'mixes-streams': {
    habits: { finish: (result) => ({ ...result, stdout: result.stdout + result.stderr, stderr: '' }) },
    fails: [
      'errors/at-load',
      'errors/exception',
      'errors/exit-text',
      'errors/output-kept',
      'errors/syntax',
      'errors/words-of-success',
      'output/callback',
      'output/invalid-bytes',
      'output/limit-stderr',
      'output/limit-stdout',
      'output/streams-apart',
      'output/subprocess',
      'output/unfinished-line',
      'programs/runs-once',
      'values/collection',
      'values/cycle',
      'values/date',
      'values/function',
      'values/infinity',
      'values/nan',
      'values/too-deep',
      'values/too-large',
    ],
  },
  'calls-back-at-the-end': {
    habits: { callback: 'at-the-end' },
    fails: ['output/callback-live', 'output/callback-throws', 'output/listener-rejects', 'output/stuck-listener-cancel'],
  },
  'drops-artifacts-silently': {
    habits: { finish: (result) => ({ ...result, artifacts: { ...result.artifacts, omitted: [], complete: true } }) },
    fails: [
      'artifacts/count-limit',
      'artifacts/depth-limit',
      'artifacts/links',
      'artifacts/names',
      'artifacts/no-artifacts-wanted',
      'artifacts/size-limit',
      'artifacts/total-limit',
      'artifacts/undecodable-name',
    ],
  },
  'drops-artifacts-on-failure': {
    habits: { finish: (result) => (result.status === 'failed' ? { ...result, artifacts: NO_ARTIFACTS } : result) },
    fails: ['artifacts/failed-program'],
  },
  'follows-links': {
    habits: { links: 'follow' },
    fails: ['artifacts/linked-folder', 'artifacts/links', 'files/read-afterwards', 'files/special'],
  },
};

/** Takes the last line of stdout for the value. */
function valueFromStdout(facts: RunFacts, { stdout }: PrintedText): Verdict {
  const verdict = decideVerdict(facts);
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  return verdict.status === 'completed' && line !== '' ? { ...verdict, value: line, valueJson: JSON.stringify(line) } : verdict;
}

function writeValueAnew(result: ExecutionResult): ExecutionResult {
  if (result.status !== 'completed' || result.value === undefined) return result;
  const value: JsonValue = result.value;
  return { ...result, valueJson: JSON.stringify(value) };
}

function dropFalsyValue(result: ExecutionResult): ExecutionResult {
  if (result.status !== 'completed' || Boolean(result.value)) return result;
  const { value: _value, valueJson: _valueJson, ...rest } = result;
  return rest;
}

/** Decodes each piece by itself. */
class PieceText implements ReturnType<Habits['newText']> {
  truncated = false;
  readonly #limitBytes: number;
  #text = '';
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  append(bytes: Uint8Array): string {
    const kept = Buffer.from(bytes.subarray(0, this.#limitBytes - this.#bytes));
    this.truncated ||= kept.byteLength < bytes.byteLength;
    this.#bytes += kept.byteLength;
    this.#text += kept.toString();
    return kept.toString();
  }

  finish(): string {
    return '';
  }

  toString(): string {
    return this.#text;
  }
}
