import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Secret } from '@sandport/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { describeLocation } from '../../src/engine/engine-location.ts';
import { isPresent, locateEngine, type EngineAccess } from '../../src/engine/locate-engine.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sandport-home-'));
  return () => rmSync(home, { recursive: true });
});

function locate(environment: Record<string, string> = {}, access: EngineAccess = {}) {
  return locateEngine(access, {
    environment: { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), ...environment },
    systemSocket: join(home, 'system.sock'),
    systemPodmanSocket: join(home, 'podman.sock'),
  });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
}

function writeContext(name: string, endpoint: object, tlsFiles: Record<string, string> = {}, folder = '.docker'): void {
  const id = createHash('sha256').update(name).digest('hex');
  write(`${folder}/contexts/meta/${id}/meta.json`, JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  for (const [file, content] of Object.entries(tlsFiles)) write(`${folder}/contexts/tls/${id}/docker/${file}`, content);
}

async function listen(path: string): Promise<void> {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(home, path), resolve));
  onTestFinished(() => void server.close());
}

const refusal = (part: string): unknown =>
  expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(part) as unknown });

describe('where the engine is', () => {
  it('is said by the configuration, then DOCKER_HOST, then DOCKER_CONTEXT, then the current context, then the default socket', () => {
    expect(locate()).toMatchObject({ source: 'the default socket', endpoint: { socketPath: join(home, 'system.sock') } });
    writeContext('current', { Host: 'unix:///current.sock' });
    writeContext('named', { Host: 'unix:///named.sock' });
    write('.docker/config.json', JSON.stringify({ auths: {}, currentContext: 'current' }));
    expect(locate()).toMatchObject({ source: 'context "current" (config.json)', address: 'unix:///current.sock' });
    expect(locate({ DOCKER_CONTEXT: 'named' })).toMatchObject({
      source: 'context "named" (DOCKER_CONTEXT)',
      address: 'unix:///named.sock',
    });
    expect(locate({ DOCKER_CONTEXT: 'default' }).source).toBe('the default socket');
    const host = { DOCKER_CONTEXT: 'named', DOCKER_HOST: 'unix:///host.sock' };
    expect(locate(host)).toMatchObject({ source: 'DOCKER_HOST', address: 'unix:///host.sock' });
    expect(locate(host, { dockerHost: 'unix:///config.sock' })).toMatchObject({
      source: 'the field "dockerHost"',
      address: 'unix:///config.sock',
    });
  });

  it('is looked up in the folder that DOCKER_CONFIG names', () => {
    writeContext('elsewhere', { Host: 'unix:///elsewhere.sock' }, {}, 'other');
    write('other/config.json', JSON.stringify({ currentContext: 'elsewhere' }));
    expect(locate({ DOCKER_CONFIG: join(home, 'other') }).address).toBe('unix:///elsewhere.sock');
  });

  it.each([
    ['run/docker.sock', 'rootless Docker'],
    ['.docker/run/docker.sock', 'Docker Desktop'],
    ['.docker/desktop/docker.sock', 'Docker Desktop'],
    ['run/podman/podman.sock', "this user's Podman"],
    ['podman.sock', "system's Podman"],
  ])('is %s where there is no default socket', async (path, name) => {
    await listen(path);
    const location = locate();
    expect(location).toMatchObject({ endpoint: { socketPath: join(home, path) }, source: expect.stringContaining(name) as unknown });
    expect(isPresent(location)).toBe(true);
    await listen('system.sock');
    expect(locate().source).toBe('the default socket');
  });

  it('is not a file that is no socket', () => {
    write('run/docker.sock', '');
    expect(locate().source).toBe('the default socket');
    expect(isPresent(locate())).toBe(false);
  });

  it.each([
    ['tcp://engine:2376', 'engine', 2376, false],
    ['tcp://engine', 'engine', 2375, false],
    ['http://engine:80', 'engine', 80, false],
    ['https://engine', 'engine', 2376, true],
    ['https://engine:443', 'engine', 443, true],
    ['tcp://[::1]:4243', '::1', 4243, false],
  ])('reads %s', (address, host, port, isEncrypted) => {
    const location = locate({ DOCKER_HOST: address });
    expect(location.endpoint).toEqual({ host, port });
    expect(location.tls !== null).toBe(isEncrypted);
  });

  it.each(['engine:2375', 'not an address', 'unix://relative.sock', 'tcp://', 'tcp://user:word@engine', 'npipe:////./pipe/docker_engine'])(
    'refuses %s',
    (address) => {
      expect(() => locate({ DOCKER_HOST: address })).toThrow(refusal('DOCKER_HOST is not an address'));
    },
  );

  it('refuses ssh with what to do instead', () => {
    writeContext('far', { Host: 'ssh://user@engine' });
    expect(() => locate({ DOCKER_HOST: 'ssh://engine' })).toThrow(refusal('DOCKER_HOST names an engine behind ssh'));
    expect(() => locate({ DOCKER_CONTEXT: 'far' })).toThrow(
      expect.objectContaining({ suggestion: expect.stringContaining('ssh -N -L') as unknown }),
    );
  });

  it('refuses a context that is not there, and files that cannot be understood', () => {
    expect(() => locate({ DOCKER_CONTEXT: 'absent' })).toThrow(refusal('no Docker context "absent"'));
    writeContext('empty', {});
    expect(() => locate({ DOCKER_CONTEXT: 'empty' })).toThrow(refusal('meta.json'));
    write('.docker/config.json', '{');
    expect(() => locate()).toThrow(refusal('config.json'));
  });
});

describe('how the connection is encrypted', () => {
  const files = { 'ca.pem': 'the ca', 'cert.pem': 'the cert', 'key.pem': 'the key' };
  const everything = { ca: 'the ca', cert: 'the cert', key: 'the key' };

  it('is said by a context and its files', () => {
    writeContext('safe', { Host: 'tcp://engine' }, files);
    expect(locate({ DOCKER_CONTEXT: 'safe' })).toMatchObject({ endpoint: { port: 2376 }, tls: { ...everything, isVerified: true } });
    writeContext('careless', { Host: 'tcp://engine:1', SkipTLSVerify: true });
    const careless = locate({ DOCKER_CONTEXT: 'careless' });
    expect(careless.tls).toMatchObject({ isVerified: false });
    expect(describeLocation(careless)).toBe('tcp://engine:1 (context "careless" (DOCKER_CONTEXT), TLS that is not verified)');
    writeContext('plain', { Host: 'tcp://engine' });
    expect(locate({ DOCKER_CONTEXT: 'plain' })).toMatchObject({ endpoint: { port: 2375 }, tls: null });
  });

  it('is said by DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or the files beside config.json', () => {
    const variables = { DOCKER_HOST: 'tcp://engine', DOCKER_TLS_VERIFY: '1' };
    expect(locate(variables).tls).toMatchObject({ isVerified: true });
    for (const [name, content] of Object.entries(files)) {
      write(`certs/${name}`, content);
      write(`.docker/${name}`, `${content} at home`);
    }
    expect(locate({ ...variables, DOCKER_CERT_PATH: join(home, 'certs') }).tls).toEqual({ ...everything, isVerified: true });
    expect(locate(variables).tls).toMatchObject({ ca: 'the ca at home' });
    expect(locate({ DOCKER_HOST: 'tcp://engine', DOCKER_TLS: '1' }).tls).toMatchObject({ isVerified: false });
    expect(locate({ ...variables, DOCKER_HOST: 'unix:///local.sock' }).tls).toBeNull();
  });

  it('is said by the configuration before the environment', () => {
    const access = { dockerHost: 'tcp://engine', tlsCa: 'own ca', tlsCert: 'own cert', tlsKey: new Secret('own key') };
    expect(locate({ DOCKER_TLS_VERIFY: '1' }, access).tls).toEqual({ ca: 'own ca', cert: 'own cert', key: 'own key', isVerified: true });
    expect(() => locate({}, { dockerHost: 'tcp://engine', tlsCert: 'alone' })).toThrow(refusal('tlsKey'));
  });

  it('refuses a certificate without its key', () => {
    write('certs/cert.pem', 'alone');
    expect(() => locate({ DOCKER_HOST: 'tcp://engine', DOCKER_TLS: '1', DOCKER_CERT_PATH: join(home, 'certs') })).toThrow(
      refusal('key.pem'),
    );
  });
});
