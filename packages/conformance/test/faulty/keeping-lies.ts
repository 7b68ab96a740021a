import type { ExecutionResult } from '@sandport/core';
import { HONEST_CONTEXTS, HONEST_KEEPING, type ContextHabits, type KeepingHabits } from '../unisolated/living-habits.ts';
import type { FaultyProvider, FaultyProviders } from './faulty-provider.ts';

const kept = (habits: Partial<KeepingHabits>, fails: readonly string[]): FaultyProvider => ({
  habits: { keeping: { ...HONEST_KEEPING, ...habits } },
  among: ['sandboxes/', 'lifecycle/'],
  fails,
});

const context = (habits: Partial<ContextHabits>, fails: readonly string[]): FaultyProvider => ({
  habits: { contexts: { ...HONEST_CONTEXTS, ...habits } },
  among: ['contexts/'],
  fails,
});

const display = (finish: (result: ExecutionResult) => ExecutionResult, fails: readonly string[]): FaultyProvider => ({
  habits: { finish },
  among: ['displays/', 'contexts/artifacts'],
  fails,
});

/** Lies about sandboxes that are kept, about contexts and about what is displayed. */
export const KEEPING_LIES: FaultyProviders = {
  'forgets-files': kept({ files: 'forget' }, [
    'lifecycle/second-execution',
    'sandboxes/after-cancel',
    'sandboxes/after-crash',
    'sandboxes/after-emptying',
    'sandboxes/after-failure',
    'sandboxes/after-kill',
    'sandboxes/after-output-limit',
    'sandboxes/after-timeout',
    'sandboxes/exchanged-files',
    'sandboxes/files-in-order',
    'sandboxes/files-stay',
    'sandboxes/in-order',
    'sandboxes/input-files-stay',
    'sandboxes/processes-end',
    'sandboxes/withdrawn-while-waiting',
  ]),
  'brings-all-artifacts-again': kept({ artifacts: 'all' }, ['sandboxes/own-artifacts', 'sandboxes/own-omissions']),
  'brings-new-names-only': kept({ artifacts: 'new-names' }, ['sandboxes/own-artifacts']),
  'inherits-environment': kept({ environment: 'inherited' }, ['sandboxes/environment-apart']),
  'overlaps-calls': kept({ order: 'at-once' }, [
    'sandboxes/destroyed-while-waiting',
    'sandboxes/files-in-order',
    'sandboxes/in-order',
    'sandboxes/withdrawn-while-waiting',
  ]),
  'serves-latest-first': kept({ order: 'latest-first' }, ['sandboxes/files-in-order', 'sandboxes/in-order']),
  'keeps-withdrawn-calls-waiting': kept({ withdrawsWaiting: false }, ['sandboxes/withdrawn-while-waiting']),
  'gives-up-after-failure': kept({ isSpoiltBy: (status) => status === 'failed' }, ['sandboxes/after-crash', 'sandboxes/after-failure']),
  'gives-up-after-force': kept({ isSpoiltBy: (status) => status !== 'completed' && status !== 'failed' }, [
    'sandboxes/after-cancel',
    'sandboxes/after-kill',
    'sandboxes/after-output-limit',
    'sandboxes/after-timeout',
  ]),
  'keeps-children-of-former-calls': { habits: { children: 'keep' }, among: ['sandboxes/'], fails: ['sandboxes/processes-end'] },
  'begins-each-cell-anew': context({ interpreter: 'of-the-cell' }, [
    'contexts/apart',
    'contexts/arguments',
    'contexts/beside-programs',
    'contexts/by-id',
    'contexts/cancel-keeps',
    'contexts/definitions',
    'contexts/error-keeps',
    'contexts/in-order',
    'contexts/interrupt-busy',
    'contexts/interrupt-caught',
    'contexts/interrupt-idle',
    'contexts/interrupt-sleeping',
    'contexts/last-value',
    'contexts/most',
    'contexts/redeclaration',
    'contexts/syntax-error-keeps',
    'contexts/timeout-busy',
    'contexts/timeout-sleeping',
    'contexts/top-level-await',
    'contexts/variables',
  ]),
  'shares-one-interpreter': context({ interpreter: 'of-the-sandbox' }, ['contexts/apart', 'contexts/most']),
  'kills-to-interrupt': context({ interrupt: 'SIGKILL' }, [
    'contexts/cancel-keeps',
    'contexts/interrupt-busy',
    'contexts/interrupt-caught',
    'contexts/interrupt-sleeping',
    'contexts/timeout-busy',
    'contexts/timeout-sleeping',
  ]),
  'interrupts-nothing': context({ interrupt: null }, [
    'contexts/cancel-keeps',
    'contexts/interrupt-busy',
    'contexts/interrupt-caught',
    'contexts/interrupt-sleeping',
    'contexts/timeout-busy',
    'contexts/timeout-sleeping',
  ]),
  'waits-for-stubborn-cells': context({ endsStubborn: false }, ['contexts/stubborn']),
  'revives-interpreters-silently': context({ endOfInterpreter: 'begins-anew' }, [
    'contexts/by-id',
    'contexts/crash',
    'contexts/destroy',
    'contexts/exit',
    'contexts/stubborn',
  ]),
  'ends-sandbox-with-interpreter': context({ endOfInterpreter: 'ends-sandbox' }, [
    'contexts/crash',
    'contexts/destroy',
    'contexts/exit',
    'contexts/stubborn',
  ]),
  'ends-contexts-with-programs': context({ afterPlainRun: 'ended' }, ['contexts/beside-programs']),
  'makes-any-number-of-contexts': context({ maximum: 100 }, ['contexts/most']),
  'forgets-to-destroy-contexts': context({ destroyed: 'forgotten' }, [
    'contexts/by-id',
    'contexts/destroy',
    'contexts/destroy-while-running',
    'contexts/most',
  ]),
  'complains-of-second-destroy': context({ destroyed: 'refused-twice' }, ['contexts/destroy', 'contexts/exit']),
  'makes-unknown-contexts': context({ unknown: 'made' }, ['contexts/unknown-id']),
  'drops-displays': display(
    (result) => withArtifacts(result, (path) => !path.startsWith('display/')),
    ['displays/cells', 'displays/failed-program', 'displays/last-value', 'displays/order', 'displays/program'],
  ),
  'drops-displays-on-failure': display(
    (result) => (result.status === 'failed' ? withArtifacts(result, () => false) : result),
    ['displays/failed-program'],
  ),
  'forgets-media-types': display(forgetMediaTypes, ['displays/last-value', 'displays/program']),
};

function withArtifacts(result: ExecutionResult, isKept: (path: string) => boolean): ExecutionResult {
  return { ...result, artifacts: { ...result.artifacts, files: result.artifacts.files.filter(({ path }) => isKept(path)) } };
}

function forgetMediaTypes(result: ExecutionResult): ExecutionResult {
  const files = result.artifacts.files.map((file) => ({ ...file, mediaType: 'application/octet-stream' }));
  return { ...result, artifacts: { ...result.artifacts, files } };
}
