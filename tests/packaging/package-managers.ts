import { packageManager } from '../../tools/setup/repository.mjs';

/** A way to install packages: what is typed before their names. */
export interface PackageManager {
  readonly add: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

// What a dependency would run at its installation is not needed by any of them.
const environment = { npm_config_ignore_scripts: 'true', npm_config_prefer_offline: 'true' };

export const packageManagers = {
  npm: { add: ['npm', 'install'], environment },
  pnpm: { add: ['npx', '--yes', packageManager(), 'add'], environment },
  'yarn 1': { add: ['npx', '--yes', 'yarn@1.22.22', 'add'], environment },
  'yarn 4': {
    add: ['npx', '--yes', '@yarnpkg/cli-dist@4.18.1', 'add'],
    environment: { ...environment, YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_IMMUTABLE_INSTALLS: '0', YARN_ENABLE_SCRIPTS: '0' },
  },
} as const satisfies Record<string, PackageManager>;

/** The name of one of them. */
export type PackageManagerName = keyof typeof packageManagers;
