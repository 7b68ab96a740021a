'use strict';
// Runs one JavaScript program in QuickJS: finds its main, calls it, reports what came of it. Evaluated before the program, in the same realm, so whatever
// the program could have replaced by the time it is needed is taken here.

(function (shared) {
  const { host, encodeValue, describeError, runDueTimers, nextTimerMs, uncurry } = shared;
  const { stringify, parse } = JSON;
  const { apply, defineProperty } = Reflect;
  const { assign, freeze } = Object;
  const TypeErrorOf = TypeError;
  const ErrorOf = Error;
  const PromiseOf = Promise;
  const then = uncurry(Promise.prototype.then);
  const resolved = Promise.resolve.bind(Promise);
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const includes = uncurry(String.prototype.includes);
  const test = uncurry(RegExp.prototype.test);
  const MODULE_LIKE = /^\s*(?:import|export)\b/mu;
  const global = globalThis;
  const SCRIPT_HEAD = '__sandport_program__ = (function (exports, require, module, __filename, __dirname, __sandport_main__) {';
  shared.headLength = SCRIPT_HEAD.length;

  let job;
  let stage = 'module';
  let isReported = false;
  let main;
  const rejections = [];

  const entries = {
    /** Called by the host before there is a job: what a first call would otherwise wait for. */
    __sandport_warm_up__: () => {
      host.parses(scriptOf('const main = async ({ a }) => ({ b: [a, `${a}`] });'), false);
      encodeValue(parse('{"a":[1,"x",null,{"b":true}]}'));
      describeError(new ErrorOf('warm'));
      shared.formatLine(['%s', 1, { a: [1] }]);
    },
    /** What promises were rejected with and nobody has looked at: told by the engine. */
    __sandport_rejection__: (promise, reason, isHandled) => {
      if (!isHandled) rejections[rejections.length] = { promise, reason };
      for (let index = 0; isHandled && index < rejections.length; index += 1) {
        if (rejections[index].promise === promise) rejections[index].isHandled = true;
      }
    },
    /** Called by the host: once, with the job at hand. */
    __sandport_start__: () => {
      job = parse(host.takeJob());
      assign(global.sandbox.environment, job.environment);
      freeze(global.sandbox);
      guarded(() => start(withoutMarks(job.code)));
    },
    /** Called by the host after the jobs of promises were done: how long to wait until there is more, `null` when there is nothing. */
    __sandport_turn__: () => {
      for (let index = 0; index < rejections.length; index += 1) if (!rejections[index].isHandled) fail(rejections[index].reason);
      rejections.length = 0;
      guarded(runDueTimers);
      const waitMs = nextTimerMs();
      return waitMs;
    },
    /** Called by the host when nothing is left to be done. */
    __sandport_finish__: () => finish(),
  };
  for (const name of Object.keys(entries)) defineProperty(global, name, { value: entries[name] });

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
    if (host.parses(scriptOf(source), false)) {
      const hooked = `${source}\n;__sandport_main__(typeof main === 'undefined' ? undefined : main);`;
      const isHooked = includes(source, 'main') && host.parses(scriptOf(hooked), false);
      runScript(scriptOf(isHooked ? hooked : source));
    } else if (host.parses(source, true)) {
      const hooked = `${source}\n;export { main as __sandport_main__ };`;
      runModule(includes(source, 'main') && host.parses(hooked, true) ? hooked : source);
    } else if (test(MODULE_LIKE, source)) {
      // Which of the two refusals is told depends on what the program was meant to be.
      runModule(source);
    } else {
      runScript(scriptOf(source));
    }
  }

  function scriptOf(body) {
    return `${SCRIPT_HEAD}${body}\n})`;
  }

  function runScript(text) {
    const program = shared.evaluateFunction(text, 'main.js');
    const module = { exports: {} };
    const { exports } = module;
    const hook = (value) => {
      main = value;
    };
    apply(program, exports, [exports, shared.requireFrom('/workspace'), module, '/workspace/main.js', '/workspace', hook]);
    const whole = module.exports;
    callMain(mainOf(whole, typeof whole === 'function' ? whole : undefined));
  }

  function runModule(text) {
    host.setModule(text);
    const promise = shared.evaluateFunction("__sandport_program__ = import('main.mjs')", 'javascript_import.js');
    then(
      promise,
      (namespace) =>
        guarded(() => {
          main = namespace.__sandport_main__;
          const { default: whole } = namespace;
          callMain(mainOf(namespace, typeof whole === 'function' ? whole : undefined));
        }),
      fail,
    );
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
    stage = 'main-pending';
    const result = found(job.arguments);
    const isAwaited = result instanceof PromiseOf || (typeof result === 'object' && result !== null && typeof result.then === 'function');
    if (isAwaited) then(resolved(result), returnValue, fail);
    else returnValue(result);
  }

  function returnValue(value) {
    let text;
    try {
      text = encodeValue(value);
    } catch (error) {
      fail(error);
      return;
    }
    stage = 'done';
    const sizeBytes = host.byteLength(text);
    if (sizeBytes <= job.valueBytes) {
      report('V', text);
      return;
    }
    host.writeError(`ValueError: the value has ${sizeBytes} bytes of JSON; the limit is ${job.valueBytes}\n`);
    report('L', stringify({ sizeBytes }));
    host.exit(1);
  }

  function fail(error) {
    const { type, message, traceback, printed } = describeError(error);
    host.writeError(`${printed}\n`);
    report('E', stringify({ type, message, traceback }));
    host.exit(1);
  }

  function finish() {
    if (stage === 'no-main') report('N', '');
    if (stage === 'module' || stage === 'main-pending') {
      const what = stage === 'module' ? 'The module never finished: its top-level await' : 'main() never finished: its promise';
      fail(new ErrorOf(`${what} was still pending when nothing was left to wait for`));
    }
    const { exitCode } = global.sandbox;
    if (exitCode !== 0) host.exit(exitCode);
  }

  /** The first report counts. */
  function report(kind, payload) {
    if (isReported) return;
    isReported = true;
    host.report(kind, payload);
  }
})(globalThis.__sandport_shared__);
