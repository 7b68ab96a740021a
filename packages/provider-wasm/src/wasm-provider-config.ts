import { configFields } from '@sandport/core';
import { executionMaximumFields, lifetimeFields, MEBIBYTE, queueFields, wholeNumber } from '@sandport/provider-kit';
import { z } from 'zod';

/** WebAssembly addresses 4 GiB; the interpreter's own tables want some of it. */
const MOST_MEMORY_BYTES = 4096 * MEBIBYTE;

/** Configuration of `provider-wasm`. Every field has a default. Unknown fields are refused. */
export const wasmProviderConfigSchema = z
  .strictObject({
    memoryBytes: wholeNumber(64 * MEBIBYTE, MOST_MEMORY_BYTES, 256 * MEBIBYTE).register(configFields, {
      label: 'Memory',
      help: 'Bytes of memory of a program, its interpreter included and its files not, when a request does not say.',
    }),
    maxMemoryBytes: wholeNumber(64 * MEBIBYTE, MOST_MEMORY_BYTES, 1024 * MEBIBYTE).register(configFields, {
      label: 'Highest memory',
      help: 'The most that a request may ask for, in bytes.',
    }),
    diskBytes: wholeNumber(MEBIBYTE, 1024 * MEBIBYTE, 64 * MEBIBYTE).register(configFields, {
      label: 'Disk',
      help: 'Bytes of the files of a program, which lie in memory, when a request does not say.',
    }),
    maxDiskBytes: wholeNumber(MEBIBYTE, 1024 * MEBIBYTE, 256 * MEBIBYTE).register(configFields, {
      label: 'Highest disk',
      help: 'The most that a request may ask for, in bytes.',
    }),
    openFiles: wholeNumber(64, 4096, 256).register(configFields, {
      label: 'Open files',
      help: 'Open files of a program, when a request does not say.',
    }),
    maxOpenFiles: wholeNumber(64, 4096, 1024).register(configFields, {
      label: 'Highest number of open files',
      help: 'The most that a request may ask for.',
    }),
    ...executionMaximumFields,
    ...lifetimeFields,
    warmChildren: wholeNumber(0, 64, 1).register(configFields, {
      label: 'Warm child processes',
      help: 'Unused child processes kept ready at least, for each language once it was asked for.',
    }),
    maxIdleChildren: wholeNumber(0, 64, 4).register(configFields, {
      label: 'Most warm child processes',
      help: 'Unused child processes kept ready at most, for each kind that is asked for often. How many it takes is learned from the calls. From 2 on, a tenant that crowds others leaves them the last one.',
    }),
    maxChildren: wholeNumber(1, 1024, 8).register(configFields, {
      label: 'Most child processes',
      help: 'Child processes of this provider at one time: ready, running, starting and going.',
    }),
    ...queueFields,
    pythonModule: z.string().min(1).optional().register(configFields, {
      label: 'Python module',
      help: 'Path of another CPython for WASI preview 1, in place of the one that comes with this package.',
      scope: 'deployment',
    }),
    pythonModuleSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
      .optional()
      .register(configFields, {
        label: 'SHA-256 of the Python module',
        help: 'What the other Python must be, to the byte: 64 hexadecimal digits. Needed with it, and only with it.',
        scope: 'deployment',
      }),
    nodePath: z.string().min(1).optional().register(configFields, {
      label: 'Node',
      help: 'Path of the Node that runs the child processes. Empty means the one that runs this program; needed where that is no plain Node, as in Electron.',
      scope: 'deployment',
    }),
  })
  .refine((config) => (config.pythonModule === undefined) === (config.pythonModuleSha256 === undefined), {
    error: 'must be set together with "pythonModule", or not at all',
    path: ['pythonModuleSha256'],
  });

/** A checked configuration of `provider-wasm`. */
export type WasmProviderConfig = z.output<typeof wasmProviderConfigSchema>;
