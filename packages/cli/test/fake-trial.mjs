// A trial for tests of the command line. It runs nothing: a configuration whose level is below 9 passes.

/** The passport that a trial of a fake gives. */
export async function fakeTrial({ definition, config, configDigest, signal, onProgress }) {
  signal?.throwIfAborted();
  for (const step of ['create', 'limits', 'close']) {
    for (const done of [0, 1]) onProgress?.({ step, done, total: step === 'limits' ? 2 : 1, message: step });
  }
  const passed = !(config.level >= 9);
  return {
    formatVersion: 1,
    providerId: definition.id,
    configDigest,
    madeAtMs: Date.now(),
    durationMs: 1500,
    passed,
    isolation: { kind: 'remote', measuredBy: 'fake' },
    languages: ['python', 'javascript'],
    network: ['none'],
    limits: [
      { limit: 'time', value: 500, held: true, status: 'timed-out' },
      { limit: 'memory', value: 64 * 1024 * 1024, held: passed, status: passed ? 'out-of-memory' : 'completed' },
    ],
    latency: { count: 10, p50Ms: 1, p95Ms: 2, maxMs: 3 },
    cases: [
      { id: 'lifecycle/description', outcome: 'passed', durationMs: 1 },
      { id: 'isolation/no-network', outcome: 'not-applicable', durationMs: 0 },
      ...(passed ? [] : [{ id: 'limits/memory[python]', outcome: 'failed', message: 'it took all it wanted', durationMs: 2 }]),
    ],
    ...(passed ? {} : { problem: '1 of 3 cases failed: limits/memory[python].' }),
  };
}
