import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/read-config.ts';

const folder = new URL('../../deploy/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

interface Service {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly stop_grace_period?: string;
}

const { services } = parse(read('compose.yaml')) as { services: Readonly<Record<string, Service>> };

describe('compose.yaml', () => {
  it.each(Object.entries(services))('gives %s no more rights than it needs', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], user: '65532:65532' });
    const strong = ['privileged', 'cap_add', 'devices', 'pid', 'ipc', 'userns_mode', 'cgroup_parent', 'env_file'];
    expect(Object.keys(service).filter((key) => strong.includes(key))).toEqual([]);
    expect(service.image).toMatch(/:\d+\.\d+\.\d+$/);
  });

  it('shows the socket of the engine to the guard alone, which has no network', () => {
    const holders = Object.entries(services).filter(([, { volumes }]) =>
      volumes.some((volume) => /docker\.sock|ENGINE_SOCKET/.test(volume)),
    );
    expect(holders.map(([name]) => name)).toEqual(['guard']);
    expect(services['guard']).toMatchObject({ network_mode: 'none' });
    expect(services['executor']?.environment?.['DOCKER_HOST']).toBe('unix:///run/sandport/engine.sock');
  });

  it('publishes one port, on this machine alone', () => {
    expect(Object.values(services).flatMap(({ ports = [] }) => ports)).toEqual(['127.0.0.1:9385:9385']);
  });

  it('lets no running executor write its tokens, and sees them when they change', () => {
    expect(services['executor']?.volumes.filter((volume) => volume.includes('tokens'))).toEqual(['./tokens:/etc/sandport/tokens:ro']);
  });

  it('names programs that are there', () => {
    const programs = Object.values(services).flatMap(({ entrypoint = [] }) => entrypoint.filter((word) => word.startsWith('/app/dist/')));
    expect(programs.length).toBeGreaterThan(0);
    for (const program of programs) expectSource(program);
  });
});

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
  const valueOf = (name: string): string | undefined => last.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);

  it('ends in an image of a user without rights, and without a shell', () => {
    expect(last[0]).toBe('FROM scratch');
    expect(valueOf('USER')).toBe('65532:65532');
    expect(last.some((line) => line.startsWith('RUN '))).toBe(false);
  });

  it('starts and looks after one program, without a shell', () => {
    for (const name of ['ENTRYPOINT', 'CMD']) expect(Array.isArray(JSON.parse(valueOf(name) ?? ''))).toBe(true);
    const [, healthcheck = ''] = / CMD (\[.+\])$/.exec(valueOf('HEALTHCHECK') ?? '') ?? [];
    const [, script = ''] = JSON.parse(healthcheck) as string[];
    expect(existsSync(new URL(script.replace('/app/deploy/', ''), folder))).toBe(true);
    expectSource((JSON.parse(valueOf('ENTRYPOINT') ?? '[]') as string[])[1] ?? '');
    expect(valueOf('STOPSIGNAL')).toBe('SIGTERM');
  });

  it('is built on what is named exactly', () => {
    expect(instructions.find((line) => line.startsWith('ARG NODE_IMAGE='))).toMatch(/=node:\d+\.\d+\.\d+-[a-z-]+$/);
    expect(read('Dockerfile')).not.toContain('latest');
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', folder), 'utf8')) as { packageManager: string };
    const managers = [...read('Dockerfile').matchAll(/pnpm@[\d.]+/g)].map(([name]) => name);
    expect(new Set(managers)).toEqual(new Set([manifest.packageManager]));
  });
});

describe.each(['sandport-executor.service', 'sandport-engine-guard.service'])('%s', (name) => {
  const settings = read(name)
    .split('\n')
    .filter((line) => /^[A-Za-z]+=/.test(line));

  it('takes away what Node does not need', () => {
    expect(settings).toEqual(
      expect.arrayContaining([
        'NoNewPrivileges=yes',
        'CapabilityBoundingSet=',
        'ProtectSystem=strict',
        'ProtectHome=yes',
        'PrivateTmp=yes',
        'RestrictNamespaces=yes',
        'SystemCallArchitectures=native',
        'MemoryDenyWriteExecute=no',
        'Restart=on-failure',
        'KillSignal=SIGTERM',
        'LimitCORE=0',
      ]),
    );
    expect(settings.some((line) => line.startsWith('SystemCallFilter=@system-service'))).toBe(true);
    const [, program = ''] =
      /\/opt\/sandport-executor(\/dist\/\S+)/.exec(settings.find((line) => line.startsWith('ExecStart=')) ?? '') ?? [];
    expectSource(program);
  });
});

describe('the units together', () => {
  it('give the socket of the engine to the guard alone', () => {
    expect(read('sandport-executor.service')).not.toMatch(/SupplementaryGroups=|docker\.sock/);
    expect(read('sandport-engine-guard.service')).toMatch(/^SupplementaryGroups=docker$/m);
  });
});

describe('the time to finish', () => {
  it('is longer than the grace of running calls, however the executor is run', () => {
    const { graceMs } = readConfig({ file: fileURLToPath(new URL('config.example.json', folder)), environment: {} });
    const unit = Number(/^TimeoutStopSec=(\d+)$/m.exec(read('sandport-executor.service'))?.[1]);
    const compose = Number(/^(\d+)s$/.exec(services['executor']?.stop_grace_period ?? '')?.[1]);
    for (const seconds of [unit, compose]) expect(seconds * 1000).toBeGreaterThan(graceMs);
  });
});

describe('what an operator keeps beside compose.yaml', () => {
  it('gets into no image, no package and no commit', () => {
    const root = new URL('../../../', folder);
    const ignoring = ['.dockerignore', '.gitignore'].map((file) => readFileSync(new URL(file, root), 'utf8').split('\n'));
    const { files } = JSON.parse(readFileSync(new URL('../package.json', folder), 'utf8')) as { files: string[] };
    for (const kept of ['.env', 'config.json', 'secrets', 'tokens']) {
      for (const lines of ignoring) expect(lines).toContain(`apps/executor/deploy/${kept}`);
      expect(files).toContain(`!deploy/${kept}`);
    }
  });

  it('is named by variables that the executor knows', () => {
    const used = new Set(readdirSync(folder).flatMap((file) => read(file).match(/SANDPORT_EXECUTOR_[A-Z_]+/g) ?? []));
    for (const variable of used) {
      if (variable === 'SANDPORT_EXECUTOR_CONFIG') continue;
      const value = variable.endsWith('_PORT') ? '1' : 'x';
      const environment = { SANDPORT_EXECUTOR_TLS_CERT_FILE: 'cert', SANDPORT_EXECUTOR_TLS_KEY_FILE: 'key', [variable]: value };
      expect(JSON.stringify(readConfig({ file: undefined, environment }))).toContain(variable.endsWith('_PORT') ? ':1' : '"x"');
    }
  });
});

/** A built program has a source. */
function expectSource(program: string): void {
  const source = program.replace(/^(?:\/app)?\/dist\//, '../src/').replace(/\.js$/, '.ts');
  expect(existsSync(new URL(source, folder)), source).toBe(true);
}
