import {
  parseExecutionRequest,
  SandboxError,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type JsonObject,
  type JsonValue,
} from '@sandport/core';
import { BoundedText, decideVerdict } from '@sandport/provider-kit';
import { HONEST, type Habits } from '../unisolated/habits.ts';
import { HONEST_CONTEXTS } from '../unisolated/living-habits.ts';
import type { FaultyProvider, FaultyProviders } from './faulty-provider.ts';

const KIBIBYTE = 1024;

/** A lie that concerns few cases, and is tried on them and their nearest neighbours. */
const small = (habits: Partial<Habits>, fails: readonly string[], besides: readonly string[] = []): FaultyProvider => ({
  habits,
  among: [...fails, ...besides],
  fails,
});

const withArguments = (change: (value: JsonValue) => JsonValue): Partial<Habits> => ({
  programOf: (request) => ({ ...request, arguments: mapValues(request.arguments, change) }),
});

/** Lies about small things. */
export const DETAIL_LIES: FaultyProviders = {
  'boasts-when-it-is-asked': small(
    { tellCapabilities: (capabilities) => ({ ...capabilities, maxima: { ...capabilities.maxima, lifetimeMs: Number.MAX_SAFE_INTEGER } }) },
    ['lifecycle/description'],
    ['lifecycle/'],
  ),
  'serves-what-it-denies-when-it-is-asked': small(
    { tellCapabilities: (capabilities) => ({ ...capabilities, limits: { ...capabilities.limits, openFiles: false } }) },
    ['limits/open-files', 'limits/open-files-range', 'limits/open-files-uncaught'],
    ['lifecycle/description'],
  ),
  'rounds-numbers': small(
    withArguments((value) => (typeof value === 'number' ? Math.round(value) : value)),
    ['arguments/numbers'],
    ['arguments/order'],
  ),
  'knows-only-old-characters': small(
    withArguments((value) => (typeof value === 'string' ? value.replace(/\p{Extended_Pictographic}/gu, '?') : value)),
    ['arguments/unicode'],
    ['arguments/large'],
  ),
  'cuts-long-arguments': small(
    withArguments((value) => (typeof value === 'string' ? value.slice(0, 64 * KIBIBYTE) : value)),
    ['arguments/large'],
    ['arguments/unicode'],
  ),
  'adds-an-argument': small({ programOf: (request) => ({ ...request, arguments: { ...request.arguments, extra: 1 } }) }, [
    'arguments/empty',
    'arguments/names',
  ]),
  'knows-one-spelling': small({ checkRequest: refuseAliases }, ['requests/aliases'], ['requests/unknown-language']),
  'refuses-long-source': small({ checkRequest: refuseLongSource }, ['programs/large-source'], ['programs/empty-source']),
  'gives-null-for-no-value': small({ finish: nullForNoValue }, [
    'contexts/no-main',
    'contexts/no-value',
    'contexts/unserialisable-value',
    'contexts/variables',
    'values/no-main',
  ]),
  'cuts-long-values': small({ finish: cutLongValue }, ['values/large'], ['values/every-type']),
  'loses-keys-without-a-name': small({ finish: dropUnnamedKeys }, ['values/every-type'], ['values/large']),
  'takes-the-limit-for-too-much': small({ newText: (limitBytes) => new BoundedText(limitBytes - 1) }, [
    'output/limit-passed',
    'output/limit-reached',
  ]),
  'keeps-a-mebibyte-of-lines': small({ newText: (limitBytes) => new BoundedText(Math.min(limitBytes, 1024 * KIBIBYTE)) }, [
    'output/many-small-lines',
    'output/released-listener',
  ]),
  'kills-what-reports-nothing': small(
    { decide: (facts) => (facts.report.state === 'empty' ? { status: 'killed', error: null } : decideVerdict(facts)) },
    ['errors/exit-code-0'],
    ['errors/exception'],
  ),
  'mends-file-names': small({ checkRequest: mendFileNames }, ['files/names'], ['files/input']),
  'gives-cells-an-exit-code': small({ finish: (result) => ({ ...result, exitCode: result.exitCode ?? 0 }) }, [
    'contexts/error-keeps',
    'contexts/result',
  ]),
  'collects-nothing-of-cells': small(
    { finish: dropArtifactsOfCells },
    ['contexts/artifacts', 'displays/cells', 'displays/last-value'],
    ['displays/program'],
  ),
  'shows-former-output-again': { ...small({ finish: withFormerOutput() }, ['contexts/output-own']), concurrency: 1 },
  'takes-any-field-of-a-cell': small({ contexts: { ...HONEST_CONTEXTS, checksFields: false } }, ['contexts/bad-requests']),
  'takes-over-for-withdrawn-calls': small({ looksAtSignal: false }, ['reconnection/withdrawn']),
  'serves-kept-sandboxes-when-closed': small({ servesWhenClosed: true }, ['contexts/sandbox-destroyed', 'sandboxes/closed']),
  'cancels-no-phase': small(
    { endsProgramOn: { ...HONEST.endsProgramOn, abort: false } },
    ['cancellation/while-starting', 'sandboxes/after-cancel'],
    ['sandboxes/after-timeout'],
  ),
};

function mapValues(object: JsonObject, change: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

function refuseAliases(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (input.language === 'python' || input.language === 'javascript') return parseExecutionRequest(input);
  throw new SandboxError('LANGUAGE_UNSUPPORTED', 'language: is none of ours.', { details: { field: 'language' } });
}

function refuseLongSource(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (input.code.length <= 64 * KIBIBYTE) return parseExecutionRequest(input);
  throw new SandboxError('REQUEST_INVALID', 'code: is too long.', { details: { field: 'code' } });
}

function mendFileNames(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
  if (input.files instanceof Map || input.files === undefined) return parseExecutionRequest(input);
  const mended = Object.entries(input.files).map(([path, content]) => [path.replace(/[^\w./-]/g, '_'), content] as const);
  return parseExecutionRequest({ ...input, files: Object.fromEntries(mended) });
}

function nullForNoValue(result: ExecutionResult): ExecutionResult {
  return result.status === 'completed' && result.valueJson === undefined ? { ...result, value: null, valueJson: 'null' } : result;
}

function cutLongValue(result: ExecutionResult): ExecutionResult {
  const isLong = result.status === 'completed' && (result.valueJson?.length ?? 0) > 64 * KIBIBYTE;
  return isLong ? { ...result, value: 'too long', valueJson: '"too long"' } : result;
}

function dropUnnamedKeys(result: ExecutionResult): ExecutionResult {
  if (result.status !== 'completed' || result.valueJson === undefined) return result;
  const value = JSON.parse(result.valueJson, (key, inner: JsonValue) =>
    key === '' && inner === 'unnamed' ? undefined : inner,
  ) as JsonValue;
  return { ...result, value };
}

function dropArtifactsOfCells(result: ExecutionResult): ExecutionResult {
  const isCell = result.exitCode === null && result.signal === null;
  return isCell ? { ...result, artifacts: { files: [], omitted: [], complete: true } } : result;
}

function withFormerOutput(): Habits['finish'] {
  let former = '';
  return (result) => {
    const stdout = former + result.stdout;
    former = result.stdout;
    return { ...result, stdout };
  };
}
