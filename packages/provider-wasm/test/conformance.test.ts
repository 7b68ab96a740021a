import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import { wasmProvider } from '../src/index.ts';

const notApplicable = [
  // It runs both languages, and its configuration has no secret.
  'requests/undeclared-python',
  'requests/undeclared-javascript',
  'health/no-secrets',
  // Programs are no processes of a system.
  'programs/threads[python]',
  'programs/threads[javascript]',
  'output/subprocess',
  'errors/sigabrt[python]',
  'errors/sigabrt[javascript]',
  'errors/sigsegv[python]',
  'errors/sigsegv[javascript]',
  'errors/sigkill[python]',
  'errors/sigkill[javascript]',
  'limits/children',
  'isolation/background-process-delays-nothing[python]',
  'isolation/background-process-delays-nothing[javascript]',
  'isolation/background-process-ends[python]',
  'isolation/background-process-ends[javascript]',
  'isolation/detached-process-ends[python]',
  'isolation/detached-process-ends[javascript]',
  // JavaScript without Node opens no files: it reads and writes them.
  'limits/open-files[javascript]',
  // There are no figures to be shown.
  'displays/program[python]',
  'displays/program[javascript]',
  'displays/order[python]',
  'displays/order[javascript]',
  'displays/failed-program[python]',
  'displays/failed-program[javascript]',
  'displays/unshowable[python]',
  'displays/unshowable[javascript]',
  'displays/none[python]',
  'displays/none[javascript]',
];

// Under the other Nodes: where Node's engine, its processes and its streams have a part. What programs are told is the same bytes, and the hostile ones are run under the oldest and the newest.
const NODE_AREAS = ['lifecycle/', 'limits/', 'cancellation/', 'input/', 'concurrency/', 'health/report'];
const isFloor = process.versions.node.startsWith('20.');

describeConformance(
  'provider-wasm',
  // Beside other suites a child takes so long to be made that the pool forecasts more than its usual 30 s, and refuses at once.
  () => createProvider(wasmProvider, { queueTimeoutMs: 180_000 }),
  isFloor ? { notApplicable } : { only: NODE_AREAS, notApplicable },
);
