// @ts-check

/** @typedef {'python' | 'javascript'} Language */
/** @typedef {'runc' | 'gvisor'} Isolation */

/** Name of each isolation's runtime as the engine knows it. */
export const RUNTIMES = /** @type {const} */ ({ runc: 'runc', gvisor: 'runsc' });

/** A program that does nothing but return, and the bare start of its interpreter. */
export const LANGUAGES = /** @type {const} */ ({
  python: { code: 'def main():\n    return 1\n', bare: ['python3', '-I', '-c', 'pass'] },
  javascript: { code: 'function main() { return 1; }\n', bare: ['node', '-e', '0'] },
});
