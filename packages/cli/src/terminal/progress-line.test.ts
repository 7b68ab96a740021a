import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { CliContext, TextOutput } from '../cli-context.ts';
import { ProgressLine } from './progress-line.ts';

function createLine(facts: Partial<Pick<TextOutput, 'isTTY' | 'columns'>>, environment: CliContext['environment'] = {}) {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      written.push(chunk);
      done();
    },
  });
  const stderr: TextOutput = Object.assign(stream, facts);
  // What it takes of the context.
  const context = { stderr, environment } as CliContext;
  return { line: new ProgressLine(context), text: () => written.join('') };
}

describe('in a pipe', () => {
  test('each thing has a line of its own, once, without details and without control characters', () => {
    const { line, text } = createLine({});
    for (const detail of ['1 of 2', '2 of 2']) line.show('building', detail);
    line.show('storing\u001b[2J\nnow');
    line.clear();
    expect(text()).toBe('building\nstoring\u241b[2J now\n');
  });

  test('colours come where they are asked for, and not where they are forbidden', () => {
    const forced = createLine({}, { FORCE_COLOR: '1' });
    forced.line.show('building');
    expect(forced.text()).toBe('\u001b[2mbuilding\u001b[22m\n');
    for (const environment of [{ FORCE_COLOR: '0' }, { FORCE_COLOR: '1', NO_COLOR: '1' }, {}]) {
      const { line, text } = createLine({}, environment);
      line.show('building');
      expect(text()).toBe('building\n');
    }
  });
});

describe('on a terminal', () => {
  const environment = { NO_COLOR: '1' };

  test('one line is written anew, with details, and taken away at the end', () => {
    const { line, text } = createLine({ isTTY: true }, environment);
    line.show('building', '1 of 2');
    line.show('building', '2 of 2');
    line.clear();
    line.clear();
    expect(text()).toBe('\r\u001b[2Kbuilding: 1 of 2\r\u001b[2Kbuilding: 2 of 2\r\u001b[2K');
  });

  test('it is cut where it would be wrapped', () => {
    const { line, text } = createLine({ isTTY: true, columns: 10 }, environment);
    line.show('building images');
    expect(text()).toBe('\r\u001b[2Kbuilding ');
  });

  test('that does not know its width gets all of it', () => {
    const { line, text } = createLine({ isTTY: true, columns: 0 }, environment);
    line.show('building images');
    expect(text()).toBe('\r\u001b[2Kbuilding images');
  });

  test('that can do nothing gets lines', () => {
    const { line, text } = createLine({ isTTY: true }, { TERM: 'dumb' });
    line.show('building', '1 of 2');
    expect(text()).toBe('building\n');
  });
});
