import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const words = z.array(z.string()).default([]);

const serviceSchema = z.object({
  image: z.string(),
  entrypoint: words,
  command: words,
  user: z.string(),
  group_add: words,
  network_mode: z.string().optional(),
  read_only: z.boolean(),
  cap_drop: words,
  security_opt: words,
  tmpfs: words,
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: words,
});

/** A service of compose.yaml. */
export type ComposeService = z.output<typeof serviceSchema>;

/** Reads compose.yaml. */
export function readComposeServices(): Readonly<Record<string, ComposeService>> {
  const file = readFileSync(new URL('../../deploy/compose.yaml', import.meta.url), 'utf8');
  return z.object({ services: z.record(z.string(), serviceSchema) }).parse(parse(file)).services;
}

/** What `docker run` is told so that a container is as this service's. Where things are mounted from is the caller's to say. */
export function runArguments(service: ComposeService, mounts: (volume: string) => string): string[] {
  const each = (flag: string, values: readonly string[]): string[] => values.flatMap((value) => [flag, value]);
  const [entrypoint, ...first] = service.entrypoint;
  return [
    ...(service.read_only ? ['--read-only'] : []),
    ...each('--cap-drop', service.cap_drop),
    ...each('--security-opt', service.security_opt),
    ...each('--tmpfs', service.tmpfs),
    ...each(
      '--env',
      Object.entries(service.environment).map(([name, value]) => `${name}=${value}`),
    ),
    ...each('--volume', service.volumes.map(mounts)),
    ...['--user', service.user],
    ...(service.mem_limit === undefined ? [] : ['--memory', service.mem_limit]),
    ...(service.pids_limit === undefined ? [] : ['--pids-limit', String(service.pids_limit)]),
    ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
    service.image,
    ...first,
    ...service.command,
  ];
}
