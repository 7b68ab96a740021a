import { Buffer } from 'node:buffer';
import { HONEST_STREAMS, type StreamHabits } from '../unisolated/living-habits.ts';
import type { FaultyProvider, FaultyProviders } from './faulty-provider.ts';

const INPUT = ['input/'];
/** What a program that waits for the end of its input finds out soon. */
const SHORT_INPUT = [
  'input/absent',
  'input/bytes',
  'input/empty-stream',
  'input/lines',
  'input/nothing-else',
  'input/stream',
  'input/text',
];
const OUTPUT = ['output/'];
const FILES = ['files/', 'cancellation/while-writing', 'cancellation/while-reading'];

const lie = (habits: Partial<StreamHabits>, among: readonly string[], fails: readonly string[]): FaultyProvider => ({
  habits: { streams: { ...HONEST_STREAMS, ...habits } },
  among,
  fails,
});

/** Lies about input, output and files on their way. */
export const STREAM_LIES: FaultyProviders = {
  'gives-no-input': lie({ input: 'none' }, INPUT, [
    'input/bytes',
    'input/cancel',
    'input/closed-by-program',
    'input/dialogue',
    'input/endless',
    'input/large',
    'input/large-stream',
    'input/lines',
    'input/nothing-else',
    'input/silent',
    'input/stream',
    'input/stream-throws',
    'input/text',
    'input/timeout',
    'input/wrong-piece',
  ]),
  'collects-input-first': lie({ input: 'collected-first' }, INPUT, [
    'input/cancel',
    'input/closed-by-program',
    'input/dialogue',
    'input/endless',
    'input/large-stream',
    'input/silent',
    'input/timeout',
  ]),
  'never-ends-input': lie({ endsInput: false }, SHORT_INPUT, [
    'input/absent',
    'input/bytes',
    'input/empty-stream',
    'input/lines',
    'input/nothing-else',
    'input/stream',
    'input/text',
  ]),
  'takes-input-for-text': lie({ carryInput: (piece) => Buffer.from(Buffer.from(piece).toString()) }, INPUT, [
    'input/bytes',
    'input/stream',
  ]),
  'reads-input-ahead': lie({ waitsForReader: false }, INPUT, ['input/endless']),
  'hides-failed-input': lie({ tellsInputFailure: false }, INPUT, ['input/stream-throws', 'input/wrong-piece']),
  'holds-on-to-streams': lie(
    { letsGo: false },
    [...INPUT, ...FILES],
    ['cancellation/while-writing', 'input/cancel', 'input/closed-by-program', 'input/endless', 'input/silent', 'input/timeout'],
  ),
  'ignores-slow-listeners': lie({ listener: 'ignored' }, OUTPUT, [
    'output/back-pressure',
    'output/listener-rejects',
    'output/slow-listener',
  ]),
  'waits-for-stuck-listeners': lie({ listener: 'awaited-without-end' }, OUTPUT, [
    'output/back-pressure',
    'output/stuck-listener-cancel',
    'output/stuck-listener-destroy',
  ]),
  'ignores-failed-listeners': lie({ listener: 'failure-ignored' }, OUTPUT, ['output/listener-rejects']),
  'hides-failed-content': lie({ tellsContentFailure: false }, FILES, ['files/stream-throws', 'files/stream-wrong-piece']),
  'drops-last-piece': lie({ filePieces: 'without-the-last' }, FILES, ['files/stream-large', 'files/stream-uneven']),
  'works-on-files-when-withdrawn': lie({ hearsAbort: false }, FILES, ['cancellation/while-reading', 'cancellation/while-writing']),
  'serves-beside-file-streams': lie({ fileStreamHolds: 'not-at-all' }, FILES, ['files/stream-holds']),
  'stays-busy-after-file-streams': lie({ fileStreamHolds: 'until-read' }, FILES, ['files/stream-let-go']),
  'takes-content-before-checking': lie({ checksPathFirst: false }, FILES, ['files/stream-escapes']),
};
