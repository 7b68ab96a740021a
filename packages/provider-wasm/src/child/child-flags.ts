/**
 * Flags of V8 and Node for a child process. What V8 keeps of a module is only good under the same ones.
 *
 * `--no-liftoff --no-wasm-tier-up`: one compiler, whose code V8 can keep; the interpreter's loop is one huge function which a second compiler only slows down.
 * `--allow-natives-syntax`: names the functions by which V8 gives and takes that code. `--disallow-code-generation-from-strings`: nobody in the child needs `eval`.
 */
export const CHILD_FLAGS: readonly string[] = [
  '--no-warnings',
  '--allow-natives-syntax',
  '--no-liftoff',
  '--no-wasm-tier-up',
  '--disallow-code-generation-from-strings',
  '--disable-proto=throw',
  '--max-old-space-size=64',
  // Deep recursion is to end in an error of the language. Windows gives a first thread no more than V8 takes by itself.
  ...(process.platform === 'win32' ? [] : ['--stack-size=3900']),
];
