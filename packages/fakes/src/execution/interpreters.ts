import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const LOOKUP_MS = 20_000;

/** The interpreters of the sandboxes, as real paths: launchers that look for an interpreter at each start cost more than the start itself. */
export interface Interpreters {
  readonly pythonPath: string;
  readonly nodePath: string;
  /** Folders and files that must stay visible for the interpreters to start. */
  readonly keptPaths: readonly string[];
}

const pythonSchema = z.object({ executable: z.string(), prefixes: z.array(z.string()) });

/** Looks the interpreters up. Fails when there is no Python that starts. */
export async function findInterpreters(pythonPath: string, nodePath: string): Promise<Interpreters> {
  const question = 'import json, sys; print(json.dumps({"executable": sys.executable, "prefixes": [sys.prefix, sys.base_prefix]}))';
  const { stdout } = await promisify(execFile)(pythonPath, ['-c', question], { timeout: LOOKUP_MS });
  const python = pythonSchema.parse(JSON.parse(stdout));
  const realNodePath = await realpath(nodePath);
  return { pythonPath: python.executable, nodePath: realNodePath, keptPaths: [python.executable, ...python.prefixes, realNodePath] };
}

/** Where programs of a sandbox are found: the interpreters themselves first, since a launcher by their name may cost more than all the rest. */
export function searchPathOf({ pythonPath, nodePath }: Interpreters): string {
  return [dirname(pythonPath), dirname(nodePath), process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter);
}
