import { describe, expect, test } from 'vitest';
import { KeptWorld } from '../../test/kept-world.ts';
import { checkToolOptions } from './code-tool-options.ts';

const runner = new KeptWorld();

describe('options of a tool', () => {
  test.each<[string, object, string]>([
    ['runner', { runner: {} }, 'REQUEST_INVALID'],
    ['name', { name: 'run code' }, 'REQUEST_INVALID'],
    ['languages', { languages: [] }, 'REQUEST_INVALID'],
    ['languages.0', { languages: ['bash'] }, 'REQUEST_INVALID'],
    ['libraries.python', { libraries: { python: 'numpy' } }, 'REQUEST_INVALID'],
    ['files', { files: 'a.txt' }, 'REQUEST_INVALID'],
    ['files.../secret', { files: { '../secret': 'x' } }, 'REQUEST_INVALID'],
    ['limits.timeoutMs', { limits: { timeoutMs: 0 } }, 'REQUEST_INVALID'],
    ['limits.timeoutMs', { limits: { timeoutMs: 600_001 } }, 'REQUEST_INVALID'],
    ['tenant', { tenant: '' }, 'REQUEST_INVALID'],
    ['state', { state: 'everything' }, 'REQUEST_INVALID'],
    ['idleTimeoutMs', { idleTimeoutMs: 10 }, 'REQUEST_INVALID'],
    ['maxCodeCharacters', { maxCodeCharacters: 1 }, 'REQUEST_INVALID'],
    ['answer.outputCharacters', { answer: { outputCharacters: -1 } }, 'REQUEST_INVALID'],
    ['onWarning', { onWarning: true }, 'REQUEST_INVALID'],
    ['colour', { colour: 'red' }, 'REQUEST_INVALID'],
  ])('are refused when "%s" is wrong', (field, wrong, code) => {
    let thrown: unknown;
    try {
      checkToolOptions({ runner, ...wrong });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, details: { field } });
  });

  test('cannot name a language that the provider does not run', () => {
    const pythonOnly = new KeptWorld({ languages: ['python'] });
    expect(() => checkToolOptions({ runner: pythonOnly, languages: ['javascript'] })).toThrow(
      expect.objectContaining({ code: 'LANGUAGE_UNSUPPORTED' }),
    );
    expect(() => checkToolOptions({ runner: pythonOnly, languages: ['python', 'javascript'] })).toThrow(
      expect.objectContaining({ code: 'LANGUAGE_UNSUPPORTED' }),
    );
    expect(checkToolOptions({ runner: pythonOnly }).languages).toEqual(['python']);
  });

  test('keep to the maxima of the provider where they say nothing', () => {
    const quick = new KeptWorld({ maxima: { timeoutMs: 2000 } });
    expect(checkToolOptions({ runner: quick }).executionLimits.timeoutMs).toBe(2000);
  });
});
