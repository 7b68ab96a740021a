import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

// Tests run on the sources of every package; nothing needs to be built first.
const conditions = ['@sandport/source', 'node', 'import', 'default'];
// Node itself is told of these, for whatever it loads. `import` must not be among them: it would hold for what is required, too.
const nodeConditions = ['@sandport/source', 'node'];
const fromSource = { resolve: { conditions }, ssr: { resolve: { conditions: nodeConditions } } };

// The judge of providers, the services that are played, and what is asked of them over the same clients under every Node. What those clients do differs: the traps of E2B's stay.
const ONCE = [
  'packages/conformance/test/{faulty-providers,unisolated-provider}.test.ts',
  'packages/fakes/test/**/*.test.ts',
  'packages/provider-aliyun/test/{conformance,slow-conformance,faults,contexts}.test.ts',
  'packages/provider-e2b/test/{conformance-*,crowd,faults*,health,interpreter-lanes,lifecycle,reconnection,services}.test.ts',
  'packages/provider-self-managed/test/{conformance-ragflow,ragflow-executor}.test.ts',
  'packages/cli/test/{preparation,verify-*}.test.ts',
  'packages/preparation/test/early-end.test.ts',
  'apps/executor/test/{access,deploy,fuzz}/*.test.ts',
  'apps/executor/test/{hostile/bodies,peers,ragflow-*}.test.ts',
];

export default defineConfig({
  test: {
    // What fails where nobody can look must say all of it in its message.
    chaiConfig: { truncateThreshold: 0 },
    // Many tests wait more than they compute: on a small machine one file at a time leaves it idle.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        ...fromSource,
        test: {
          name: 'unit',
          include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'apps/*/web/src/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.{engine,database,browser}.test.ts', ...ONCE],
          testTimeout: 30_000,
        },
      },
      {
        ...fromSource,
        test: {
          // What is the same under every Node: the tools, the documents, what is proven by the wire or by child processes alone.
          name: 'repository',
          include: ['tools/**/*.test.mjs', 'tests/**/*.test.ts', ...ONCE],
          exclude: [...configDefaults.exclude, '**/*.engine.test.ts', '**/*.database.test.ts', 'tests/{packaging,guides}/**'],
          testTimeout: 30_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'database',
          include: ['{packages,apps}/*/{src,test}/**/*.database.test.ts', 'tests/**/*.database.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.engine.test.ts', 'tests/{packaging,guides}/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'engine',
          include: ['{packages,apps}/*/{src,test}/**/*.engine.test.ts', 'tests/**/*.engine.test.ts'],
          exclude: [...configDefaults.exclude, 'tests/{packaging,guides}/**'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // The engine is one and the machine small: files that start containers take turns.
          fileParallelism: false,
        },
      },
      {
        ...fromSource,
        test: {
          // The server runs from its sources; the page that it serves has been built.
          name: 'browser',
          include: ['apps/*/test/browser/**/*.browser.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.engine.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A browser is several processes that compute.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...fromSource,
        test: {
          name: 'browser-engine',
          include: ['apps/*/test/browser/**/*.engine.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // No source condition here: what is tested is what a user installs.
        test: {
          name: 'packaging',
          include: ['tests/{packaging,guides}/**/*.test.ts'],
          globalSetup: ['tests/packaging/global-setup.ts'],
          exclude: [...configDefaults.exclude, '**/*.engine.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'packaging-engine',
          include: ['tests/{packaging,guides}/**/*.engine.test.ts'],
          globalSetup: ['tests/packaging/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['{packages,apps}/*/src/**/*.test-d.ts'],
            tsconfig: 'tsconfig.test.json',
            // What is wrong in the sources is for `tsc -b` to say.
            ignoreSourceErrors: true,
          },
        },
      },
    ],
  },
});
