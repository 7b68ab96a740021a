// @ts-check
/**
 * QuickJS in WebAssembly, as a machine that evaluates text. What passes between it and this process are texts, numbers and bytes: no object of this
 * process is ever in its hands, nor one of its own in ours.
 */

/** @typedef {string | number | boolean | Uint8Array | null | undefined | void} Plain */

/** Where modules come from. @typedef {{ resolve: (from: string, name: string) => string, load: (name: string) => string | undefined }} ModuleSource */

/** Of `JS_EVAL_*`. */
export const EVALUATE = /** @type {const} */ ({ script: 0, module: 1, compileOnly: 1 << 5 });

/** The functions of the module: C, which takes and gives numbers, most of them addresses. @typedef {Record<string, (...args: number[]) => number>} Machine */

/** What a call of ours refuses; it is thrown to the program. */
export class CallRefused extends Error {
  /** @param {string} message @param {string} [code] */
  constructor(message, code = '') {
    super(message);
    this.code = code;
  }
}

/** The program threw something, and it is still with the machine. */
export class Thrown extends Error {}

const POINTER_BYTES = 4;

/** The module has a stack of 1 MiB; what is left is for what the machine itself does when there is no more. */
const MAX_STACK_BYTES = 960 * 1024;

/** As `noModule` in javascript_shared.js. @param {string} name */
const noModule = (name) =>
  `Cannot find module '${name}': JavaScript runs here without Node and its modules; the provider "docker" has them. ` +
  'Files, input, environment and exit are in the global "sandbox".';

export class QuickJs {
  /** @type {Machine} */
  #machine;
  /** @type {WebAssembly.Memory} */
  #memory;
  /** @type {Map<string, (...args: any[]) => Plain>} */
  #calls = new Map();
  #modules;
  #encoder = new TextEncoder();
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /**
   * @param {WebAssembly.Module} module
   * @param {{ system: WebAssembly.Imports, modules: ModuleSource }} imports
   * @param {(exports: WebAssembly.Exports) => void} onMade before anything of the machine runs
   */
  constructor(module, { system, modules }, onMade) {
    this.#modules = modules;
    const { exports } = new WebAssembly.Instance(module, {
      ...system,
      env: {
        host_call: this.#onCall.bind(this),
        host_interrupt: () => 0,
        host_promise_rejection: this.#onRejection.bind(this),
        host_module_normalize: (/** @type {number} */ from, /** @type {number} */ name) =>
          this.#copiedText(modules.resolve(this.#cText(from), this.#cText(name))),
        host_module_load: (/** @type {number} */ name, /** @type {number} */ sizePlace) => this.#onImport(name, sizePlace),
        host_get_timezone_offset: () => 0,
      },
    });
    this.#machine = /** @type {Machine} */ (/** @type {unknown} */ (exports));
    this.#memory = /** @type {WebAssembly.Memory} */ (exports['memory']);
    onMade(exports);
    this.#do('_initialize');
    if (this.#do('qjs_init') !== 0) throw new Error('QuickJS did not start.');
    this.#do('qjs_set_promise_rejection_handler', 1);
    this.#do('qjs_set_module_loader', 1);
    this.#do('qjs_set_max_stack_size', MAX_STACK_BYTES);
  }

  /** Makes functions of ours global functions of the program. @param {Readonly<Record<string, (...args: any[]) => Plain>>} calls */
  define(calls) {
    for (const [name, call] of Object.entries(calls)) this.#calls.set(name, call);
    const global = this.#do('qjs_get_global');
    for (const name of Object.keys(calls)) {
      this.#withText(name, (address, size) => {
        const value = this.#do('qjs_new_host_function', address, size, 0);
        this.#do('qjs_set_prop_string', global, address, value);
        this.#do('qjs_free_value', value);
      });
    }
    this.#do('qjs_free_value', global);
  }

  /**
   * Evaluates text; within a call of the program's, what it throws goes on to the program. The value, where it is plain.
   *
   * @param {string} source @param {string} name @param {number} flags
   */
  evaluate(source, name, flags) {
    return this.#taken(
      this.#withText(source, (address, size) =>
        this.#withText(name, (nameAddress) => this.#do('qjs_eval', address, size, nameAddress, flags)),
      ),
    );
  }

  /** Whether text is a program, which is not run. @param {string} source @param {boolean} isModule */
  parses(source, isModule) {
    const flags = EVALUATE.compileOnly | (isModule ? EVALUATE.module : EVALUATE.script);
    const value = this.#withText(source, (address, size) =>
      this.#withText('javascript_check.js', (nameAddress) => this.#do('qjs_eval', address, size, nameAddress, flags)),
    );
    const isGood = this.#do('qjs_is_exception', value) === 0;
    this.#do('qjs_free_value', isGood ? value : this.#do('qjs_get_exception'));
    return isGood;
  }

  /** Calls a global function of the program's that takes nothing. @param {string} name */
  call(name) {
    const global = this.#do('qjs_get_global');
    const called = this.#withText(name, (address) => this.#do('qjs_get_prop_string', global, address));
    const result = this.#do('qjs_call', called, global, 0, 0);
    this.#do('qjs_free_value', called);
    this.#do('qjs_free_value', global);
    return this.#taken(result);
  }

  /** Whether settled promises have something to go on with. */
  get hasJobs() {
    return this.#do('qjs_is_job_pending') !== 0;
  }

  /** Carries out what settled promises go on with. */
  runJobs() {
    while (this.hasJobs) {
      if (this.#do('qjs_execute_pending_job') < 0) throw new Thrown('a job');
    }
  }

  /** What was thrown and went through to us, as text. */
  takeThrown() {
    const value = this.#do('qjs_get_exception');
    const text = this.#text(value);
    this.#do('qjs_free_value', value);
    return text;
  }

  /** @param {string} name @param {...number} args */
  #do(name, ...args) {
    const call = this.#machine[name];
    if (call === undefined) throw new Error(`The module has no function ${name}.`);
    return call(...args);
  }

  /** @param {number} value */
  #taken(value) {
    if (this.#do('qjs_is_exception', value) !== 0) throw new Thrown('an evaluation');
    const plain = this.#plain(value);
    this.#do('qjs_free_value', value);
    return plain;
  }

  /** A call of the program's: `0` says that it throws. @param {number} name @param {number} nameSize @param {number} _self @param {number} count @param {number} list */
  #onCall(name, nameSize, _self, count, list) {
    const call = this.#calls.get(this.#decoder.decode(new Uint8Array(this.#memory.buffer, name, nameSize)));
    try {
      if (call === undefined) throw new CallRefused('There is no such function.');
      const args = Array.from({ length: count }, (_, index) => this.#plain(this.#pointer(list + index * POINTER_BYTES)));
      return this.#value(call(...args));
    } catch (error) {
      if (error instanceof Thrown) return 0;
      if (!(error instanceof CallRefused)) throw error;
      this.#throw(error);
      return 0;
    }
  }

  /** @param {CallRefused} refused */
  #throw({ message, code }) {
    const error = this.#do('qjs_new_error');
    for (const [name, text] of Object.entries({ message, ...(code === '' ? {} : { code }) })) {
      const value = this.#value(text);
      this.#withText(name, (address) => this.#do('qjs_set_prop_string', error, address, value));
      this.#do('qjs_free_value', value);
    }
    this.#do('qjs_throw', error);
    this.#do('qjs_free_value', error);
  }

  /** Kept by the program itself: see `onRejection` of its runner. @param {number} promise @param {number} reason @param {number} isHandled */
  #onRejection(promise, reason, isHandled) {
    const global = this.#do('qjs_get_global');
    const called = this.#withText('__sandport_rejection__', (address) => this.#do('qjs_get_prop_string', global, address));
    const flag = this.#do(isHandled === 0 ? 'qjs_get_false' : 'qjs_get_true');
    const list = this.#do('wasm_malloc', POINTER_BYTES * 3);
    const view = new DataView(this.#memory.buffer);
    for (const [index, value] of [promise, reason, flag].entries()) view.setUint32(list + index * POINTER_BYTES, value, true);
    const result = this.#do('qjs_call', called, global, 3, list);
    this.#do('wasm_free', list);
    for (const value of [result, called, global, promise, reason]) this.#do('qjs_free_value', value);
  }

  /** @param {number} name @param {number} sizePlace where to write how many bytes the text has */
  #onImport(name, sizePlace) {
    const wanted = this.#cText(name);
    const source = this.#modules.load(wanted);
    if (source !== undefined) {
      new DataView(this.#memory.buffer).setUint32(sizePlace, this.#encoder.encode(source).byteLength, true);
      return this.#copiedText(source);
    }
    this.#throw(new CallRefused(noModule(wanted), 'ERR_MODULE_NOT_FOUND'));
    return 0;
  }

  /** What a value of the program's is here. @param {number} value @returns {Plain} */
  #plain(value) {
    if (this.#do('qjs_is_undefined', value) !== 0) return undefined;
    if (this.#do('qjs_is_null', value) !== 0) return null;
    if (this.#do('qjs_is_bool', value) !== 0) return this.#do('qjs_get_bool', value) !== 0;
    if (this.#do('qjs_is_number', value) !== 0) return this.#do('qjs_get_float64', value);
    if (this.#do('qjs_is_string', value) !== 0) return this.#text(value);
    return this.#bytes(value);
  }

  /** A copy of the bytes of a typed array or a buffer; nothing of any other object. @param {number} value */
  #bytes(value) {
    const room = this.#do('wasm_malloc', POINTER_BYTES);
    try {
      if (this.#do('qjs_is_array_buffer', value) === 0) return undefined;
      const address = this.#do('qjs_get_array_buffer', value, room);
      return new Uint8Array(this.#memory.buffer, address, this.#pointer(room)).slice();
    } finally {
      this.#do('wasm_free', room);
    }
  }

  /** A value of the program's for one of ours. @param {Plain} plain */
  #value(plain) {
    switch (typeof plain) {
      case 'string':
        return this.#withText(plain, (address, size) => this.#do('qjs_new_string', address, size));
      case 'number':
        return this.#do('qjs_new_number', plain);
      case 'boolean':
        return this.#do(plain ? 'qjs_get_true' : 'qjs_get_false');
      case 'undefined':
        return this.#do('qjs_get_undefined');
      default:
        if (plain === null) return this.#do('qjs_get_null');
        return this.#withBytes(plain, (address, size) => this.#do('qjs_new_uint8_array', address, size));
    }
  }

  /** @param {number} value */
  #text(value) {
    const room = this.#do('wasm_malloc', POINTER_BYTES);
    const address = this.#do('qjs_get_string_len', value, room);
    const text = address === 0 ? '' : this.#cText(address, this.#pointer(room));
    if (address !== 0) this.#do('qjs_free_cstring', address);
    this.#do('wasm_free', room);
    return text;
  }

  /** @param {number} address @param {number} [size] up to its zero when not given */
  #cText(address, size = this.#do('strlen', address)) {
    return this.#decoder.decode(new Uint8Array(this.#memory.buffer, address, size));
  }

  /** A text that the machine frees itself. @param {string} text */
  #copiedText(text) {
    return this.#withText(text, (address) => this.#do('strdup', address));
  }

  /** @param {number} address */
  #pointer(address) {
    return new DataView(this.#memory.buffer).getUint32(address, true);
  }

  /** @template Result @param {string} text @param {(address: number, size: number) => Result} use */
  #withText(text, use) {
    const bytes = this.#encoder.encode(`${text}\0`);
    return this.#withBytes(bytes, (address) => use(address, bytes.byteLength - 1));
  }

  /** @template Result @param {Uint8Array} bytes @param {(address: number, size: number) => Result} use */
  #withBytes(bytes, use) {
    const address = this.#do('wasm_malloc', Math.max(1, bytes.byteLength));
    if (address === 0) throw new CallRefused('out of memory');
    try {
      new Uint8Array(this.#memory.buffer, address, bytes.byteLength).set(bytes);
      return use(address, bytes.byteLength);
    } finally {
      this.#do('wasm_free', address);
    }
  }
}
