import { z } from 'zod';
import type { GuardLimits } from './guard-limits.ts';

/** Label on everything that a provider of ours makes. */
export const OWNER_LABEL = 'io.sandport.owner';

/** Its value. */
export const OWNER = 'sandport';

const TMP_BYTES = 64 * 1024 * 1024;

/** Options of a folder in memory, as the provider writes them. */
const FOLDER_OPTIONS = /^rw,exec,nosuid,nodev,size=(\d+),uid=65534,gid=65534,mode=0770$/;

const labelsSchema = z
  .record(z.string().startsWith('io.sandport.'), z.string().max(4_096))
  .refine((labels) => labels[OWNER_LABEL] === OWNER, { message: `must have ${OWNER_LABEL}=${OWNER}` });

function folder(maxBytes: number) {
  return z.string().refine((options) => Number(FOLDER_OPTIONS.exec(options)?.[1] ?? Number.NaN) <= maxBytes, {
    message: `must be a folder in memory of at most ${maxBytes} bytes`,
  });
}

const positive = (max: number) => z.number().int().min(1).max(max);

/**
 * The body of a request for a container, with every field that it may have. It is the shape that the docker provider writes: no path of the host, no device,
 * no capability but three, no network, no namespace of the host. Whatever else a body says, it is refused for saying it.
 */
export function containerRequestSchema(limits: GuardLimits) {
  const hostConfig = z.strictObject({
    Runtime: z.enum(limits.runtimes),
    NetworkMode: z.literal('none'),
    AutoRemove: z.literal(true),
    ReadonlyRootfs: z.literal(true),
    CapDrop: z.tuple([z.literal('ALL')]),
    CapAdd: z.array(z.enum(['SETUID', 'SETGID', 'KILL'])).max(3),
    SecurityOpt: z.tuple([z.literal('no-new-privileges')]),
    IpcMode: z.literal('private'),
    ShmSize: positive(16 * 1024 * 1024),
    Memory: positive(limits.memoryBytes),
    MemorySwap: positive(limits.memoryBytes),
    NanoCpus: positive(limits.cpus * 1e9),
    PidsLimit: positive(limits.tasks),
    Ulimits: z.tuple([ulimit('nofile', limits.openFiles), ulimit('core', 0)]),
    Tmpfs: z.strictObject({ '/workspace': folder(limits.diskBytes), '/tmp': folder(Math.min(TMP_BYTES, limits.diskBytes)) }),
    LogConfig: z.strictObject({ Type: z.literal('none'), Config: z.strictObject({}) }),
  });
  const request = z.strictObject({
    // dockerode says it here, too; the engine takes it from the query.
    name: z.string().optional(),
    Image: z.enum(limits.images),
    Entrypoint: z.tuple([z.literal('/usr/bin/python3'), z.literal('-I'), z.literal('-B'), z.literal('/opt/sandport/supervisor.py')]),
    Cmd: z.tuple([z.string().max(16_384)]),
    User: z.literal('0:0'),
    WorkingDir: z.literal('/'),
    Env: z.array(z.string()).max(0),
    Labels: labelsSchema,
    NetworkDisabled: z.literal(true),
    Tty: z.literal(false),
    AttachStdin: z.literal(true),
    AttachStdout: z.literal(true),
    AttachStderr: z.literal(true),
    OpenStdin: z.literal(true),
    StdinOnce: z.boolean(),
    StopSignal: z.literal('SIGKILL'),
    HostConfig: hostConfig,
  });
  return request.transform(({ name: _name, ...known }) => known);
}

/** The body of a request for a lease: a volume of the engine's own making. Options of a driver could make it any folder of the host. */
export const volumeRequestSchema = z.strictObject({ Name: z.string().regex(/^sandport-lease-[a-z0-9-]+$/), Labels: labelsSchema });

function ulimit(name: string, max: number) {
  const value = z.number().int().min(0).max(max);
  return z.strictObject({ Name: z.literal(name), Soft: value, Hard: value });
}
