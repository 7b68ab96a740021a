import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineConnection } from '../../src/engine-guard/engine-connection.ts';
import { EngineGuard } from '../../src/engine-guard/engine-guard.ts';
import { DEFAULT_GUARD_LIMITS } from '../../src/engine-guard/guard-limits.ts';

const ours = { 'io.sandport.owner': 'sandport' };

const hostConfig = {
  Runtime: 'runsc',
  NetworkMode: 'none',
  AutoRemove: true,
  ReadonlyRootfs: true,
  CapDrop: ['ALL'],
  CapAdd: ['SETUID', 'SETGID', 'KILL'],
  SecurityOpt: ['no-new-privileges'],
  IpcMode: 'private',
  ShmSize: 16_777_216,
  Memory: 536_870_912,
  MemorySwap: 536_870_912,
  NanoCpus: 1_000_000_000,
  PidsLimit: 1_536,
  Ulimits: [
    { Name: 'nofile', Soft: 1_024, Hard: 1_024 },
    { Name: 'core', Soft: 0, Hard: 0 },
  ],
  Tmpfs: {
    '/workspace': 'rw,exec,nosuid,nodev,size=104857600,uid=65534,gid=65534,mode=0770',
    '/tmp': 'rw,exec,nosuid,nodev,size=67108864,uid=65534,gid=65534,mode=0770',
  },
  LogConfig: { Type: 'none', Config: {} },
};

/** What the docker provider asks for; the engine tests see that it passes when the provider itself says it. */
const container = {
  Image: 'sandport/python:minimal',
  Entrypoint: ['/usr/bin/python3', '-I', '-B', '/opt/sandport/supervisor.py'],
  Cmd: ['{}'],
  User: '0:0',
  WorkingDir: '/',
  Env: [],
  Labels: ours,
  NetworkDisabled: true,
  Tty: false,
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
  OpenStdin: true,
  StdinOnce: true,
  StopSignal: 'SIGKILL',
  HostConfig: hostConfig,
};

const CREATE = '/containers/create?name=sandport-1';

let folder: string;
let guard: EngineGuard;
let seen: { method: string; target: string; body: string }[] = [];
let containers: readonly object[] = [];

/** Answers as an engine would, and keeps what reached it. The container `mine` is ours, `theirs` is not. */
const engine = createServer((asked, response) => {
  void text(asked).then((body) => {
    const target = asked.url ?? '';
    seen.push({ method: asked.method ?? '', target, body });
    const name = /^\/(?:containers|volumes)\/(mine|theirs)/.exec(target)?.[1];
    const labels = name === 'mine' ? ours : { 'com.example': 'x' };
    const answer = target.startsWith('/containers/json') ? containers : { Id: `id-of-${name}`, Config: { Labels: labels }, Labels: labels };
    response.writeHead(target.includes('/absent') ? 404 : 200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-guard-'));
  engine.listen(join(folder, 'docker.sock'));
  await once(engine, 'listening');
  guard = new EngineGuard({ engine: new EngineConnection(join(folder, 'docker.sock')), limits: DEFAULT_GUARD_LIMITS });
  await guard.listen(join(folder, 'guard.sock'));
});

afterAll(async () => {
  await guard.close();
  engine.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  seen = [];
  containers = [];
});

async function ask(method: string, path: string, body = ''): Promise<number> {
  const headers = { 'Content-Length': Buffer.byteLength(body) };
  const asked = request({ socketPath: join(folder, 'guard.sock'), method, path, headers, agent: false });
  const answered = once(asked, 'response');
  // Once there is an answer, what becomes of the connection is no matter.
  asked.once('response', () => asked.on('error', () => undefined));
  asked.end(body);
  const [response] = (await answered) as [IncomingMessage];
  await text(response);
  return response.statusCode ?? 0;
}

describe('a container that is asked for', () => {
  it('is made when it is a sandbox', async () => {
    expect(await ask('POST', CREATE, JSON.stringify(container))).toBe(200);
    expect(seen.at(-1)).toEqual({ method: 'POST', target: CREATE, body: JSON.stringify(container) });
  });

  it.each<[string, object]>([
    ['a folder of the host', { HostConfig: { ...hostConfig, Binds: ['/:/host'] } }],
    ['a mount', { HostConfig: { ...hostConfig, Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] } }],
    ['folders of another container', { HostConfig: { ...hostConfig, VolumesFrom: ['other'] } }],
    ['a volume', { Volumes: { '/data': {} } }],
    ['every privilege', { HostConfig: { ...hostConfig, Privileged: true } }],
    ['a capability', { HostConfig: { ...hostConfig, CapAdd: ['SYS_ADMIN'] } }],
    ['capabilities that stay', { HostConfig: { ...hostConfig, CapDrop: [] } }],
    ['a device', { HostConfig: { ...hostConfig, Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda' }] } }],
    ['processes of the host', { HostConfig: { ...hostConfig, PidMode: 'host' } }],
    ['users of the host', { HostConfig: { ...hostConfig, UsernsMode: 'host' } }],
    ['the network of the host', { HostConfig: { ...hostConfig, NetworkMode: 'host' } }],
    ['a network', { NetworkDisabled: false }],
    ['no filter of system calls', { HostConfig: { ...hostConfig, SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] } }],
    ['another runtime', { HostConfig: { ...hostConfig, Runtime: 'runc' } }],
    ['another control group', { HostConfig: { ...hostConfig, CgroupParent: '/' } }],
    ['a root that can be written', { HostConfig: { ...hostConfig, ReadonlyRootfs: false } }],
    ['more memory than allowed', { HostConfig: { ...hostConfig, Memory: DEFAULT_GUARD_LIMITS.memoryBytes + 1 } }],
    ['swap without end', { HostConfig: { ...hostConfig, MemorySwap: -1 } }],
    ['processes without end', { HostConfig: { ...hostConfig, PidsLimit: -1 } }],
    ['a work folder without end', { HostConfig: { ...hostConfig, Tmpfs: { ...hostConfig.Tmpfs, '/workspace': 'rw,exec' } } }],
    ['a folder elsewhere', { HostConfig: { ...hostConfig, Tmpfs: { ...hostConfig.Tmpfs, '/etc': hostConfig.Tmpfs['/tmp'] } } }],
    ['to stay when it has ended', { HostConfig: { ...hostConfig, AutoRemove: false } }],
    ['a log', { HostConfig: { ...hostConfig, LogConfig: { Type: 'syslog', Config: {} } } }],
    ['nothing of the host said', { HostConfig: undefined }],
    ['another image', { Image: 'debian' }],
    ['another program', { Entrypoint: ['/bin/sh', '-c', 'true'] }],
    ['an environment', { Env: ['LD_PRELOAD=/x'] }],
    ['the label of somebody else', { Labels: { 'com.example': 'x' } }],
    ['a field in other letters, which the engine reads, too', { hostconfig: { Privileged: true } }],
  ])('is not made when it asks for %s', async (_what, change) => {
    expect(await ask('POST', CREATE, JSON.stringify({ ...container, ...change }))).toBe(403);
    expect(seen).toEqual([]);
  });

  it('is not made twice over: of a field that is there twice the checked one goes on', async () => {
    const twice = JSON.stringify(container).replace('"HostConfig":', '"HostConfig":{"Privileged":true},"HostConfig":');
    expect(await ask('POST', CREATE, twice)).toBe(200);
    expect(seen.at(-1)?.body).toBe(JSON.stringify(container));
  });

  it('is not made when there are too many', async () => {
    containers = Array.from({ length: DEFAULT_GUARD_LIMITS.containers }, () => ({}));
    expect(await ask('POST', CREATE, JSON.stringify(container))).toBe(403);
    expect(seen.map(({ target }) => target).filter((target) => target.startsWith('/containers/create'))).toEqual([]);
  });

  it('is not made of something endless or unreadable', async () => {
    expect(await ask('POST', CREATE, '{')).toBe(400);
    expect(await ask('POST', CREATE, ' '.repeat(300_000))).toBe(413);
    expect(seen).toEqual([]);
  });
});

describe('a volume that is asked for', () => {
  const lease = { Name: 'sandport-lease-1', Labels: ours };

  it('is made when it is a lease', async () => {
    expect(await ask('POST', '/volumes/create', JSON.stringify(lease))).toBe(200);
    expect(seen).toEqual([{ method: 'POST', target: '/volumes/create', body: JSON.stringify(lease) }]);
  });

  it('is not made with what its address says beside it', async () => {
    expect(await ask('POST', '/volumes/create?Driver=other', JSON.stringify(lease))).toBe(403);
    expect(seen).toEqual([]);
  });

  it.each([{ DriverOpts: { type: 'none', o: 'bind', device: '/' } }, { Driver: 'other' }, { Name: 'data' }, { Labels: {} }])(
    'is not made with %j',
    async (change) => {
      expect(await ask('POST', '/volumes/create', JSON.stringify({ ...lease, ...change }))).toBe(403);
      expect(seen).toEqual([]);
    },
  );
});

describe('what is there', () => {
  it('is used by its id when it is ours', async () => {
    expect(await ask('POST', '/containers/mine/start')).toBe(200);
    expect(await ask('DELETE', '/containers/mine?force=true&v=true')).toBe(200);
    expect(seen.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'GET /containers/mine/json',
      'POST /containers/id-of-mine/start',
      'GET /containers/mine/json',
      'DELETE /containers/id-of-mine?force=true&v=true',
    ]);
  });

  it.each([
    ['GET', '/containers/theirs/json'],
    ['POST', '/containers/theirs/start'],
    ['DELETE', '/containers/theirs?force=true'],
    ['DELETE', '/volumes/theirs'],
  ])('is not used by %s %s when it is not', async (method, path) => {
    expect(await ask(method, path)).toBe(403);
    expect(seen.filter(({ method: asked }) => asked !== 'GET')).toEqual([]);
  });

  it('is told as the engine tells it when it is gone', async () => {
    expect(await ask('DELETE', '/containers/absent?force=true')).toBe(404);
  });

  it.each(['/containers/json?all=true', '/containers/json?filters={"label":["x=y"]}', '/volumes'])(
    'is listed by %s only where it is ours',
    async (path) => {
      expect(await ask('GET', encodeURI(path))).toBe(200);
      expect(decodeURIComponent(seen[0]?.target ?? '')).toContain('"io.sandport.owner=sandport"]}');
    },
  );
});

describe('any other call', () => {
  it.each([
    ['POST', '/containers/mine/exec'],
    ['POST', '/exec/1/start'],
    ['POST', '/containers/mine/update'],
    ['PUT', '/containers/mine/archive?path=/'],
    ['GET', '/containers/mine/archive?path=/'],
    ['GET', '/containers/mine/logs?stdout=1'],
    ['POST', '/containers/mine/attach?stream=1'],
    ['POST', '/containers/mine/attach?stream=1&logs=1'],
    ['POST', '/commit?container=mine'],
    ['POST', '/build'],
    ['POST', '/images/create?fromImage=debian'],
    ['GET', '/images/debian/json'],
    ['GET', '/images/sandport/python:minimal/../../../info'],
    ['POST', '/plugins/pull'],
    ['POST', '/swarm/init'],
    ['POST', '/networks/create'],
    ['GET', '/v1.41/info'],
    ['GET', '//info'],
    ['GET', '/containers/../info'],
    ['GET', '/containers/%6dine/json'],
    ['GET', '/containers/mine/json?size=1'],
    ['DELETE', '/containers/mine?force=true&force=false'],
    ['GET', '/info?x=1'],
    ['HEAD', '/_ping'],
  ])('is refused: %s %s', async (method, path) => {
    expect(await ask(method, path)).toBeGreaterThanOrEqual(400);
    expect(seen.filter(({ target }) => !/^\/containers\/mine\/json$/.test(target))).toEqual([]);
  });
});
