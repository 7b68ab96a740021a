import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { HARDENING_MEASURES, type Language } from '@sandport/core';
import { z } from 'zod';
import { parseJson } from '../parse-json.ts';
import { guestFileUrl } from '../runner/guest-files.ts';
import { programText } from './program-text.ts';

/** What the supervisor is told at its start. */
export interface SupervisorSettings {
  readonly language: Language;
  readonly network: 'none' | 'template';
  /** A program whose host has said nothing for so long is ended. */
  readonly silenceSeconds: number;
  /** It outlives its connection, and another may take it over. */
  readonly reconnectable: boolean;
  /** Last part of the name of the folder that it lives in, for whoever is to find it; `null` for one that nobody can know. */
  readonly folderName: string | null;
}

/** What was found in the sandbox before any program ran there. */
const SECRET_BYTES = 32;

const bootFactsSchema = z.object({
  folder: z.string().regex(/^\/[A-Za-z0-9._/-]+$/),
  /** The Python that runs there. */
  executable: z.string().regex(/^\/[A-Za-z0-9._/-]+$/),
  python: z.string(),
  node: z.string().nullable(),
  problem: z.enum(['no-node', 'not-started', 'no-runner']).optional(),
  log: z.string().optional(),
  hardening: z.array(z.enum(HARDENING_MEASURES)).optional(),
  network: z.enum(['none', 'template']).optional(),
  user: z.enum(['own', 'shared']).optional(),
});

const outputSchema = bootFactsSchema.extend({
  secret: z
    .hex()
    .length(2 * SECRET_BYTES)
    .optional(),
});

/** What boot.py says. */
export interface BootOutput {
  readonly facts: BootFacts;
  /** What the supervisor seals its messages with; absent where none was started. It is in the memory of both sides only. */
  readonly secret: Uint8Array | undefined;
}

/** What was found in the sandbox before any program ran there. */
export type BootFacts = z.output<typeof bootFactsSchema>;

/** Our own programs of the sandbox, which its programs need not see. */
const PRIVATE_FILES = [
  'confinement.py',
  'descendants.py',
  'file_transfer.py',
  'frame_outbox.py',
  'mailbox.py',
  'program_user.py',
  'reachable.py',
  'run.py',
  'runner_process.py',
  'supervisor.py',
];

/** What the kit has for supervisors. */
const SHARED_FILES = [
  'artifact_collector.py',
  'artifact_snapshot.py',
  'contexts.py',
  'event_loop.py',
  'lifetime.py',
  'frames.py',
  'runner_channels.py',
  'safe_files.py',
];

const RUNNER_FILES: { readonly [Name in Language]: readonly string[] } = {
  python: [
    'python_channel.py',
    'python_context.py',
    'python_display.py',
    'python_process.py',
    'python_program.py',
    'python_runner.py',
    'python_value.py',
    'safe_files.py',
  ],
  javascript: [
    'javascript_bindings.cjs',
    'javascript_channel.cjs',
    'javascript_context.cjs',
    'javascript_declarations.cjs',
    'javascript_display.cjs',
    'javascript_error.cjs',
    'javascript_imports.cjs',
    'javascript_interrupt.cjs',
    'javascript_interrupt_states.cjs',
    'javascript_interrupt_worker.cjs',
    'javascript_jobs.cjs',
    'javascript_module.cjs',
    'javascript_runner.cjs',
    'javascript_scanner.cjs',
    'javascript_source.cjs',
    'javascript_syntax_error.cjs',
    'javascript_value.cjs',
  ],
};

const compress = promisify(deflate);

/** The program that sets a sandbox up and starts our supervisor there: `guest/remote/boot.py` with everything that it needs. It prints what {@link readBootOutput} reads. */
export async function bootProgram(settings: SupervisorSettings): Promise<Buffer> {
  const [boot, own, shared, runners] = await Promise.all([
    programText(remoteFileUrl('boot.py')),
    textsOf(PRIVATE_FILES, remoteFileUrl),
    textsOf(SHARED_FILES, guestFileUrl),
    textsOf(RUNNER_FILES[settings.language], guestFileUrl),
  ]);
  const bundle = await compress(JSON.stringify({ private: { ...own, ...shared }, runners, settings }));
  return Buffer.from(`BUNDLE = "${bundle.toString('base64')}"\n${boot}`);
}

/** What boot.py printed, whatever was printed around it; nothing when it cannot be read. */
export function readBootOutput(output: string): BootOutput | undefined {
  const line = /\{"folder":.*\}/.exec(output)?.[0];
  if (line === undefined) return undefined;
  const parsed = outputSchema.safeParse(parseJson(line));
  if (!parsed.success) return undefined;
  const { secret, ...facts } = parsed.data;
  return { facts, secret: secret === undefined ? undefined : Buffer.from(secret, 'hex') };
}

async function textsOf(names: readonly string[], urlOf: (name: string) => URL): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await programText(urlOf(name))] as const)));
}

function remoteFileUrl(name: string): URL {
  return guestFileUrl(`remote/${name}`);
}
