// @ts-check
import { createProvider } from '@sandport/core';
import { startFakeE2b } from '@sandport/fakes';
import { e2bProvider } from '@sandport/provider-e2b';
import { Sandbox as InterpreterSandbox } from '@e2b/code-interpreter';
import { Sandbox } from 'e2b';
import { compare } from '../measure/report.mjs';
import { summarise, timed } from '../measure/samples.mjs';

/** @import { FakeE2b } from '@sandport/fakes' */
/** @import { Row } from '../measure/report.mjs' */

const REQUEST = { code: 'def main(name):\n    return f"Hello {name}"\n', arguments: { name: 'World' } };
const COMMAND = 'python3 -c pass';
/** A sandbox for each call costs three round trips more; fewer of them tell enough. */
const CALLS_PER_WHOLE_CALL = 4;

/**
 * A call in a sandbox that is kept, and one with a sandbox of its own, by both ways; beside it what the vendor's own client takes for a bare start of the interpreter, for a line of code, and for a
 * sandbox with such a start. All of them against the same fake service on this machine: what a network adds comes on top, once for each round trip.
 *
 * @param {{ calls: number }} options
 * @returns {Promise<Row[]>}
 */
export async function measureE2b({ calls }) {
  const fake = await startFakeE2b();
  try {
    return await measureAgainst(fake, calls);
  } finally {
    await fake.close();
  }
}

/** @param {FakeE2b} fake @param {number} calls @returns {Promise<Row[]>} */
async function measureAgainst(fake, calls) {
  const wholeCalls = Math.max(1, Math.floor(calls / CALLS_PER_WHOLE_CALL));
  const bare = await vendorCommands(fake, calls);
  const line = await vendorCode(fake, calls);
  const vendorWhole = await vendorWholeCalls(fake, wholeCalls);
  /** @type {Row[]} */
  const rows = [
    { ...bare, series: 'vendor-command' },
    { ...line, series: 'vendor-code' },
    { ...vendorWhole, series: 'vendor-sandbox' },
  ];
  for (const way of ['commands', 'code-interpreter']) {
    const kept = await keptCalls(fake, way, calls);
    const whole = await wholeCallsOf(fake, way, wholeCalls);
    rows.push({ ...kept, series: `kept-sandbox-${way}`, language: 'python', comparisons: [compare(kept, bare, "the vendor's command")] });
    rows.push({
      ...whole,
      series: `own-sandbox-${way}`,
      language: 'python',
      comparisons: [compare(whole, vendorWhole, "the vendor's sandbox")],
    });
  }
  return rows;
}

/** @param {FakeE2b} fake */
const connection = (fake) => ({ apiKey: fake.apiKey, apiUrl: fake.url, sandboxUrl: fake.url });

/** @param {number} count @param {() => Promise<unknown>} call */
async function measured(count, call) {
  // The first one is the compiler's.
  await call();
  const samples = [];
  for (let index = 0; index < count; index += 1) samples.push(await timed(call));
  return samples;
}

/** @param {FakeE2b} fake @param {number} calls */
async function vendorCommands(fake, calls) {
  const sandbox = await Sandbox.create('code-interpreter-v1', connection(fake));
  try {
    return summarise(`e2b: commands.run("${COMMAND}") in a kept sandbox`, await measured(calls, () => sandbox.commands.run(COMMAND)));
  } finally {
    await sandbox.kill();
  }
}

/** @param {FakeE2b} fake @param {number} calls */
async function vendorCode(fake, calls) {
  const sandbox = await InterpreterSandbox.create(connection(fake));
  try {
    return summarise('e2b: runCode("1") in a kept sandbox, no process of its own', await measured(calls, () => sandbox.runCode('1')));
  } finally {
    await sandbox.kill();
  }
}

/** @param {FakeE2b} fake @param {number} calls */
async function vendorWholeCalls(fake, calls) {
  const samples = await measured(calls, async () => {
    const sandbox = await Sandbox.create('code-interpreter-v1', connection(fake));
    await sandbox.commands.run(COMMAND);
    await sandbox.kill();
  });
  return summarise('e2b: create, the same command, kill', samples);
}

/** @param {FakeE2b} fake @param {string} way */
function providerOf(fake, way) {
  return createProvider(e2bProvider, { service: 'custom', ...connection(fake), template: 'code-interpreter-v1', way });
}

/** @param {FakeE2b} fake @param {string} way @param {number} calls */
async function keptCalls(fake, way, calls) {
  const provider = providerOf(fake, way);
  try {
    const sandbox = await provider.createSandbox({ language: 'python' });
    return summarise(`a program in a kept sandbox, by ${way}`, await measured(calls, () => sandbox.execute(REQUEST)));
  } finally {
    await provider.close();
  }
}

/** @param {FakeE2b} fake @param {string} way @param {number} calls */
async function wholeCallsOf(fake, way, calls) {
  const provider = providerOf(fake, way);
  try {
    const samples = await measured(calls, async () => {
      const sandbox = await provider.createSandbox({ language: 'python' });
      await sandbox.execute(REQUEST);
      await sandbox.destroy();
    });
    return summarise(`a program in a sandbox of its own, by ${way}`, samples);
  } finally {
    await provider.close();
  }
}
