import type { ExecutionRequest, JsonObject, JsonValue } from '@sandport/core';
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
  'passes-texts-through-a-shell': {
    habits: { programOf: passThroughShell },
    fails: ['arguments/looks-like-code', 'environment/variables'],
  },
  'sorts-arguments': { habits: { programOf: sortArguments }, fails: ['arguments/order'] },
  'wraps-source': {
    habits: { programOf: (request) => ({ ...request, code: `__name__ = "__main__"\n${request.code}` }) },
    language: 'python',
    fails: ['errors/at-load', 'errors/exception', 'errors/syntax', 'programs/guarded-main'],
  },
  'runs-twice': { habits: { attempts: 2 }, fails: ['programs/runs-once'] },
  'shares-work-folder': {
    habits: { workFolder: 'shared' },
    concurrency: 1,
    fails: [
      'artifacts/depth-limit',
      'artifacts/linked-folder',
      'artifacts/none',
      'concurrency/no-mixing',
      'files/special',
      'isolation/fresh-work-folder',
      'programs/runs-once',
    ],
  },
  'leaks-environment': { habits: { environment: () => process.env }, fails: ['environment/no-host-variables'] },
  'ignores-cancel': {
    habits: { endsProgramOn: { ...HONEST.endsProgramOn, abort: false } },
    fails: ['cancellation/usable-afterwards', 'cancellation/while-running', 'output/stuck-listener-cancel'],
  },
  'abandons-on-cancel': {
    habits: { endsProgramOn: { ...HONEST.endsProgramOn, abort: false }, settlesOnAbort: true },
    fails: ['cancellation/while-running'],
  },
  'keeps-children': { habits: { children: 'keep' }, fails: ['isolation/background-process-ends', 'limits/children'] },
  'waits-for-children': { habits: { children: 'await' }, fails: ['isolation/background-process-delays-nothing', 'limits/children'] },
  'serves-when-closed': {
    habits: { servesWhenClosed: true },
    fails: ['files/closed-sandbox', 'lifecycle/close', 'lifecycle/close-while-running', 'lifecycle/destroyed-sandbox'],
  },
};

function pasteIntoPython(request: ExecutionRequest) {
  const given = JSON.stringify(request.arguments);
  if (given === '{}') return request;
  return { ...request, code: `${request.code}\n_main = main\ndef main():\n    return _main(**${given})\n`, arguments: {} };
}

function pasteIntoJavascript(request: ExecutionRequest) {
  const given = JSON.stringify(request.arguments);
  if (given === '{}') return request;
  return { ...request, code: `${request.code}\nmodule.exports = { main: () => main(${given}) };\n`, arguments: {} };
}

/** What is left of texts that were pasted between double quotes on a command line. */
function passThroughShell(request: ExecutionRequest) {
  const passed = (value: JsonValue) => (typeof value === 'string' ? throughQuotes(value) : value);
  const given: JsonObject = Object.fromEntries(Object.entries(request.arguments).map(([name, value]) => [name, passed(value)]));
  const variables = Object.entries(request.environment).map(([name, value]): [string, string] => [name, throughQuotes(value)]);
  const environment: Record<string, string> = Object.fromEntries(variables);
  return { ...request, arguments: given, environment };
}

function throughQuotes(text: string): string {
  return text.replace(/\$\(.*?\)|`.*?`|\$\w+/g, '').replace(/["\\]/g, '');
}

function sortArguments(request: ExecutionRequest) {
  const sorted = Object.entries(request.arguments).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return { ...request, arguments: Object.fromEntries(sorted) };
}
