import { chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readComposeServices, runArguments, type ComposeService } from './compose-service.ts';
import { readLog, run } from './run-program.ts';
import { buildStandInNodeImage } from './stand-in-node-image.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const enginePath = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
const name = `sandport-deployed-${randomBytes(4).toString('hex')}`;
const services = readComposeServices();
const userId = 65_532;

let folder: string;

/** The base that the images of the sandboxes were built on. */
async function baseImage(): Promise<string> {
  const found = await Promise.allSettled(
    ['debian:bookworm-slim', 'sandport/base:bookworm'].map(async (tag) =>
      run('docker', ['image', 'inspect', '--format', '{{index .RepoTags 0}}', tag]),
    ),
  );
  const [tag] = found.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (tag === undefined) throw new Error('There is no image to build on: run "sandport images build" first.');
  return tag;
}

function service(serviceName: string): ComposeService {
  const found = services[serviceName];
  if (found === undefined) throw new Error(`compose.yaml has no service "${serviceName}".`);
  return found;
}

/** From where compose would mount it, on this machine. */
function mountFor(volume: string): string {
  return volume
    .replace(/^\$\{ENGINE_SOCKET[^}]*\}/, enginePath)
    .replace(/^engine:/, `${name}:`)
    .replace(/^\.\//, `${folder}/`);
}

/** A script of Node inside the running executor: there is no other program in it, and no network. */
const within = (script: string): Promise<string> =>
  run('docker', ['exec', `${name}-executor`, '/usr/local/bin/node', '--input-type=module', '--eval', script]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-deployed-'));
  await mkdir(join(folder, 'tokens'), { mode: 0o700 });
  await writeFile(join(folder, 'sandbox.key'), randomBytes(32).toString('hex'), { mode: 0o400 });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ provider: { config: { maxContainers: 4 } } }));
  for (const path of ['tokens', 'sandbox.key']) await chown(join(folder, path), userId, userId);
  const node = await buildStandInNodeImage(await baseImage());
  const file = 'apps/executor/deploy/Dockerfile';
  await run(
    'docker',
    ['build', '--network', 'host', '--build-arg', `NODE_IMAGE=${node}`, '--file', file, '--tag', service('executor').image, '.'],
    root,
  );
}, 600_000);

afterAll(async () => {
  await Promise.allSettled(['executor', 'guard'].map((each) => run('docker', ['rm', '--force', `${name}-${each}`])));
  await run('docker', ['volume', 'rm', '--force', name]);
  await run('docker', ['image', 'prune', '--force', '--filter', 'label=io.sandport.stage=build']);
  await rm(folder, { recursive: true, force: true });
});

describe('the image', () => {
  it('has no program but Node, and no user who is root', async () => {
    const script = `import { readdirSync } from 'node:fs';
const programs = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin'].flatMap((folder) => { try { return readdirSync(folder); } catch { return []; } });
process.stdout.write(JSON.stringify([programs, process.getuid(), process.getgid()]));`;
    const args = [
      'run',
      '--rm',
      '--network',
      'none',
      '--entrypoint',
      '/usr/local/bin/node',
      service('executor').image,
      '--input-type=module',
      '--eval',
      script,
    ];
    expect(JSON.parse(await run('docker', args))).toEqual([['node'], userId, userId]);
  });
});

describe('what compose.yaml starts', () => {
  it('runs a program in gVisor behind the guard, and ends when it is told to', async () => {
    // Whoever owns the socket's group may use it, as DOCKER_GROUP_ID says.
    const { gid } = await stat(enginePath);
    const guard = runArguments(service('guard'), mountFor);
    await run('docker', [
      'run',
      '--detach',
      '--name',
      `${name}-guard`,
      '--network',
      'none',
      '--group-add',
      String(gid),
      '--no-healthcheck',
      ...guard,
    ]);

    const tokens = runArguments({ ...service('tokens'), command: ['create', '--id', 'test'] }, mountFor);
    const token = await run('docker', ['run', '--rm', '--network', 'none', ...tokens]);

    const secret = ['--volume', `${folder}/sandbox.key:/run/secrets/sandbox_key:ro`];
    const executor = runArguments(service('executor'), mountFor);
    await run('docker', [
      'run',
      '--detach',
      '--name',
      `${name}-executor`,
      '--network',
      'none',
      '--health-interval',
      '1s',
      ...secret,
      ...executor,
    ]);
    const health = (): Promise<string> => run('docker', ['inspect', '--format', '{{.State.Health.Status}}', `${name}-executor`]);
    await expect.poll(health, { timeout: 30_000, interval: 300 }).toBe('healthy');

    const answer = await within(`const answer = await fetch('http://127.0.0.1:9385/v1/executions', {
  method: 'POST',
  headers: { authorization: 'Bearer ${token}', 'content-type': 'application/json' },
  body: JSON.stringify({ code: 'def main(): return 42' }),
});
process.stdout.write(await answer.text());`);
    expect(JSON.parse(answer)).toMatchObject({ status: 'completed', value: 42, isolation: { kind: 'gvisor' } });

    const writes = await within(`import { writeFileSync } from 'node:fs';
const tries = ['/app/x', '/etc/sandport/tokens/tokens.json', '/run/sandport/x', '/tmp/x'].map((path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } });
process.stdout.write(tries.join());`);
    expect(writes).toBe('EROFS,EROFS,EROFS,written');

    for (const each of ['executor', 'guard']) {
      await run('docker', ['stop', '--time', '40', `${name}-${each}`]);
      expect(await run('docker', ['inspect', '--format', '{{.State.ExitCode}}', `${name}-${each}`])).toBe('0');
    }
    const log = await readLog(`${name}-guard`);
    expect(log).toContain('listening');
    expect(log).not.toContain('refused');
  }, 180_000);
});
