'use strict';
// Runs one JavaScript program in QuickJS: finds its main, calls it, reports what came of it. Evaluated before the program, in the same realm, so whatever
// the program could have replaced by the time it is needed is taken here. `host` and `parts` come from javascript_host.js and the files after it.

(function (shared) {
  const { host, encodeValue, describeError, runDueTimers, nextTimerMs, uncurry } = shared;
  const { stringify, parse } = JSON;
  const { apply } = Reflect;
  const { freeze } = Object;
  const TypeErrorOf = TypeError;
  const ErrorOf = Error;
  const then = uncurry(Promise.prototype.then);
  const isPromise = (value) => value instanceof Promise;
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const includes = uncurry(String.prototype.includes);
  const NO_MODULES =
    'the wasm provider runs JavaScript without Node and has no modules; provider-docker runs Node with its modules. Files, input and environment are in the global "sandbox"';

  let job;
  let stage = 'module';
  let isReported = false;
  let main;
  let namespace;
  const rejections = new Map();

  /** What promises were rejected with and nobody has looked at: told by the engine. */
  globalThis.__sandport_rejection__ = (promise, reason, isHandled) => {
    if (isHandled) rejections.delete(promise);
    else rejections.set(promise, reason);
  };
  hide('__sandport_rejection__');

  /** Called by the host: once, with the job at hand. */
  globalThis.__sandport_start__ = () => {
    job = parse(host.takeJob());
    Object.assign(globalThis.sandbox.environment, job.environment);
    freeze(globalThis.sandbox);
    guarded(() => start(withoutMarks(job.code)));
  };
  hide('__sandport_start__');

  /** Called by the host after the jobs of promises were done: how long to wait until there is more, `null` when there is nothing. */
  globalThis.__sandport_turn__ = () => {
    if (rejections.size > 0) {
      const [reason] = rejections.values();
      fail(reason);
    }
    guarded(runDueTimers);
    const waitMs = nextTimerMs();
    if (waitMs === null) finish();
    return waitMs;
  };
  hide('__sandport_turn__');

  function hide(name) {
    Object.defineProperty(globalThis, name, { enumerable: false, writable: false, configurable: false });
  }

  function guarded(act) {
    try {
      act();
    } catch (error) {
      fail(error);
    }
  }

  /** A byte-order mark and a line `#!` belong to a file. Lines keep their numbers. */
  function withoutMarks(source) {
    const text = charCodeAt(source, 0) === 0xfeff ? slice(source, 1) : source;
    return slice(text, 0, 2) === '#!' ? `//${slice(text, 2)}` : text;
  }

  /** CommonJS when it parses as that, else an ES module. */
  function start(source) {
    const script = (body) => `(function (exports, require, module, __filename, __dirname, __sandport_main__) {${body}\n})`;
    const scriptError = host.syntaxError(script(source), 'main.js', false);
    if (scriptError === null) {
      const hooked = `${source}\n;__sandport_main__(typeof main === 'undefined' ? undefined : main);`;
      const body = includes(source, 'main') && host.syntaxError(script(hooked), 'main.js', false) === null ? hooked : source;
      runScript(script(body));
      return;
    }
    const moduleError = host.syntaxError(source, 'main.mjs', true);
    if (moduleError !== null) {
      // Of two refusals the one that names an import is for a module.
      host.evaluate(isModuleLike(source) ? source : script(source), isModuleLike(source) ? 'main.mjs' : 'main.js', isModuleLike(source));
      return;
    }
    const hooked = `${source}\n;export { main as __sandport_main__ };`;
    runModule(includes(source, 'main') && host.syntaxError(hooked, 'main.mjs', true) === null ? hooked : source);
  }

  function isModuleLike(source) {
    return /^\s*(?:import|export)\b/mu.test(source);
  }

  function runScript(text) {
    const module = { exports: {} };
    host.evaluate(`globalThis.__sandport_program__ = ${text}`, 'main.js', false);
    const program = globalThis.__sandport_program__;
    delete globalThis.__sandport_program__;
    const hook = (value) => {
      main = value;
    };
    apply(program, module.exports, [module.exports, refuseRequire, module, '/workspace/main.js', '/workspace', hook]);
    namespace = module.exports;
    callMain(mainOf(namespace, typeof namespace === 'function' ? namespace : undefined));
  }

  function runModule(text) {
    void text;
  }

  function refuseRequire(name) {
    const error = new ErrorOf(`Cannot find module '${name}': ${NO_MODULES}.`);
    error.code = 'MODULE_NOT_FOUND';
    throw error;
  }

  /** `exports.main`, else the top-level `main`, else the whole export when it is a function. */
  function mainOf(exported, whole) {
    const holdsMembers = (typeof exported === 'object' && exported !== null) || typeof exported === 'function';
    if (holdsMembers && exported.main !== undefined) return exported.main;
    return main !== undefined ? main : whole;
  }

  function callMain(found) {
    if (found === undefined) {
      stage = 'no-main';
      return;
    }
    if (typeof found !== 'function') {
      throw new TypeErrorOf(`main is not a function but ${found === null ? 'null' : `a value of type ${typeof found}`}`);
    }
    const result = found(job.arguments);
    if (isPromise(result) || (typeof result === 'object' && result !== null && typeof result.then === 'function')) {
      stage = 'main-pending';
      then(Promise.resolve(result), returnValue, fail);
    } else {
      returnValue(result);
    }
  }

  function returnValue(value) {
    stage = 'done';
    let text;
    try {
      text = encodeValue(value);
    } catch (error) {
      fail(error);
      return;
    }
    const sizeBytes = host.byteLength(text);
    if (sizeBytes <= job.valueBytes) {
      report('V', text);
      return;
    }
    report('L', stringify({ sizeBytes }));
    host.writeError(`ValueError: the value has ${sizeBytes} bytes of JSON; the limit is ${job.valueBytes}\n`);
    host.exit(1);
  }

  function fail(error) {
    const description = describeError(error);
    host.writeError(`${description.traceback}\n`);
    report('E', stringify(description));
    host.exit(1);
  }

  function finish() {
    if (stage === 'no-main') report('N', '');
    if (stage === 'module' || stage === 'main-pending') {
      const what = stage === 'module' ? 'The module never finished: its top-level await' : 'main() never finished: its promise';
      fail(new ErrorOf(`${what} was still pending when nothing was left to wait for`));
    }
  }

  /** The first report counts. */
  function report(kind, payload) {
    if (isReported) return;
    isReported = true;
    host.report(kind, payload);
  }
})(globalThis.__sandport_shared__);
