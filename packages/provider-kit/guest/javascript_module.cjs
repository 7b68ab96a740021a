'use strict';
// Runs a parsed program from memory, as CommonJS or as an ES module, under the name of a file in the work folder.

const Module = require('node:module');
const path = require('node:path');
const url = require('node:url');
const vm = require('node:vm');
const { compileCommonJs, HOOK } = require('./javascript_source.cjs');

const { apply } = Reflect;

/** Runs a CommonJS program. Gives {exports, main}: what it exports, and its top-level `main` when its last line was reached. */
function runCommonJs(program) {
  const file = program.path;
  const folder = path.dirname(file);
  const module = new Module(file, undefined);
  module.filename = file;
  module.paths = Module._nodeModulePaths(folder);
  Module._cache[file] = module;
  process.mainModule = program.hasMain ? undefined : module;
  const require = Module.createRequire(file);
  let main;
  const hook = (value) => {
    main = value;
  };
  const run = compileCommonJs(program.text, file, { importModuleDynamically: dynamicImport(file) });
  apply(run, module.exports, [module.exports, require, module, file, folder, hook]);
  module.loaded = true;
  return { exports: module.exports, main };
}

/** Runs an ES module. Gives a promise of {exports, main, default}. */
async function runEsModule(program) {
  const namespace = await (typeof Module.registerHooks === 'function' ? importFromMemory(program) : linkByHand(program));
  return { exports: namespace, main: namespace[HOOK] };
}

/** Node's own loader imports the program; hooks answer for the one file that is not there. */
async function importFromMemory(program) {
  const address = url.pathToFileURL(program.path).href;
  const hooks = Module.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === address ? { url: address, format: 'module', shortCircuit: true } : next(specifier, context),
    load: (target, context, next) =>
      target === address ? { format: 'module', source: program.text, shortCircuit: true } : next(target, context),
  });
  try {
    return await import(address);
  } finally {
    hooks.deregister();
  }
}

/** Before Node 22.15: the program is a vm module, and each of its imports a copy of what Node's loader gives. */
async function linkByHand(program) {
  const load = importerFor(program.path);
  const module = new vm.SourceTextModule(program.text, {
    identifier: url.pathToFileURL(program.path).href,
    importModuleDynamically: (specifier, _module, attributes) => load(specifier, attributes),
    initializeImportMeta: (meta) => Object.assign(meta, importMetaOf(program.path)),
  });
  await module.link(async (specifier, _module, extra) => {
    const namespace = await load(specifier, extra.attributes ?? extra.assert ?? {});
    const names = Object.keys(namespace);
    return new vm.SyntheticModule(names, function copy() {
      for (const name of names) this.setExport(name, namespace[name]);
    });
  });
  await module.evaluate();
  return module.namespace;
}

function importMetaOf(file) {
  const address = url.pathToFileURL(file).href;
  return { url: address, filename: file, dirname: path.dirname(file), resolve: (specifier) => resolveFrom(file, specifier) };
}

/** A function that imports as code in the file would. */
function importerFor(file) {
  const plain = vm.compileFunction('return import(specifier)', ['specifier'], {
    filename: file,
    importModuleDynamically: dynamicImport(file),
  });
  const withAttributes = (specifier, attributes) =>
    vm.compileFunction('return import(specifier, { with: attributes })', ['specifier', 'attributes'], {
      filename: file,
      importModuleDynamically: dynamicImport(file),
    })(specifier, attributes);
  return (specifier, attributes) => (Object.keys(attributes ?? {}).length === 0 ? plain(specifier) : withAttributes(specifier, attributes));
}

function dynamicImport(file) {
  return vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((specifier) => import(resolveFrom(file, specifier)));
}

function resolveFrom(file, specifier) {
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, url.pathToFileURL(file)).href;
  if (URL.canParse(specifier) || Module.isBuiltin(specifier)) return specifier;
  return url.pathToFileURL(Module.createRequire(file).resolve(specifier)).href;
}

module.exports = { importerFor, importMetaOf, runCommonJs, runEsModule };
