import type { ExecutionRequest } from '@sandport/core';
import { HONEST } from '../unisolated/habits.ts';
import type { FaultyProviders } from './faulty-provider.ts';

/** Lies about what is run, where, how often, and for how long. */
export const EXECUTION_LIES: FaultyProviders = {
  'pastes-arguments-into-python': {
    habits: { programOf: pasteIntoPython },
    language: 'python',
    fails: ['arguments/booleans', 'arguments/falsy', 'arguments/nested', 'arguments/null', 'arguments/prototype-key'],
  },
  'pastes-arguments-into-javascript': {
    habits: { programOf: pasteIntoJavascript },
    language: 'javascript',
    fails: ['arguments/prototype-key'],
  },
  'runs-twice': { habits: { attempts: 2 }, fails: ['programs/runs-once'] },
  'shares-work-folder': {
    habits: { workFolder: 'shared' },
    concurrency: 1,
    fails: [
      'artifacts/count-limit',
      'artifacts/depth-limit',
      'artifacts/failed-program',
      'artifacts/linked-folder',
      'artifacts/links',
      'artifacts/names',
      'artifacts/no-artifacts-wanted',
      'artifacts/none',
      'artifacts/size-limit',
      'artifacts/total-limit',
      'artifacts/undecodable-name',
      'concurrency/no-mixing',
      'isolation/fresh-work-folder',
      'programs/runs-once',
    ],
  },
  'leaks-environment': { habits: { environment: () => process.env }, fails: ['environment/no-host-variables'] },
  'ignores-cancel': {
    habits: { endsProgramOn: { ...HONEST.endsProgramOn, abort: false } },
    fails: ['cancellation/usable-afterwards', 'cancellation/while-running'],
  },
  'abandons-on-cancel': {
    habits: { endsProgramOn: { ...HONEST.endsProgramOn, abort: false }, settlesOnAbort: true },
    fails: ['cancellation/while-running'],
  },
  'keeps-children': { habits: { children: 'keep' }, fails: ['isolation/background-process-ends', 'limits/children'] },
  'waits-for-children': { habits: { children: 'await' }, fails: ['isolation/background-process-delays-nothing', 'limits/children'] },
  'serves-when-closed': {
    habits: { servesWhenClosed: true },
    fails: [
      'files/closed-sandbox',
      'lifecycle/close',
      'lifecycle/close-while-running',
      'lifecycle/destroyed-sandbox',
      'lifecycle/second-execution',
    ],
  },
};

function pasteIntoPython(request: ExecutionRequest) {
  const given = JSON.stringify(request.arguments);
  if (given === '{}') return request;
  return { code: `${request.code}\n_main = main\ndef main():\n    return _main(**${given})\n`, arguments: {} };
}

function pasteIntoJavascript(request: ExecutionRequest) {
  const given = JSON.stringify(request.arguments);
  if (given === '{}') return request;
  return { code: `${request.code}\nmodule.exports = { main: () => main(${given}) };\n`, arguments: {} };
}
