import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sandport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DockerEngine } from '../../src/engine/docker-engine.ts';
import { certificate, DOCKER_ANSWERS, FakeEngine } from './fake-engine.ts';

const OWN = { tlsCa: certificate('ca'), tlsCert: certificate('client-cert'), tlsKey: new Secret(certificate('client-key')) };

const before = process.env['DOCKER_HOST'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandport-engine-'));
  return () => rmSync(folder, { recursive: true });
});

afterEach(() => {
  if (before === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = before;
});

describe('an engine behind TLS', () => {
  it('answers who has a certificate of its authority', async () => {
    const fake = await new FakeEngine(DOCKER_ANSWERS, true).listen();
    const engine = new DockerEngine({ dockerHost: `tcp://127.0.0.1:${fake.port}`, ...OWN });
    expect(await engine.facts()).toMatchObject({ kind: 'docker', version: '28.0.0', cgroupVersion: '2' });
    expect(engine.isLocal).toBe(false);
  });

  it.each([
    ['is of another authority', { tlsCert: OWN.tlsCert, tlsKey: OWN.tlsKey }],
    ['is spoken to without encryption', {}],
  ])('is refused when it %s', async (_case, access) => {
    const fake = await new FakeEngine(DOCKER_ANSWERS, true).listen();
    const engine = new DockerEngine({ dockerHost: `tcp://127.0.0.1:${fake.port}`, ...access });
    await expect(engine.facts()).rejects.toMatchObject({ providerId: 'docker', operation: 'answer' });
  });

  it('is named as the trouble when its certificate cannot be checked', async () => {
    const fake = await new FakeEngine(DOCKER_ANSWERS, true).listen();
    const engine = new DockerEngine({ dockerHost: `tcp://127.0.0.1:${fake.port}`, tlsCert: OWN.tlsCert, tlsKey: OWN.tlsKey });
    await expect(engine.facts()).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  });

  it('gets its attach request without a body, and says why it refuses', async () => {
    const seen: (string | undefined)[] = [];
    const answers = {
      'POST /containers/some/attach': (
        request: { headers: Record<string, unknown> },
        response: { statusCode: number; end(text: string): void },
      ) => {
        seen.push(String(request.headers['content-length']));
        response.statusCode = 409;
        response.end(JSON.stringify({ message: 'it is paused' }));
      },
    };
    const fake = await new FakeEngine(answers, true).listen();
    const engine = new DockerEngine({ dockerHost: `tcp://127.0.0.1:${fake.port}`, ...OWN });
    await expect(engine.attach('some')).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      cause: { statusCode: 409, message: 'it is paused' },
    });
    expect(seen).toEqual(['0']);
  });
});

describe('an engine at a socket', () => {
  it('is given up as soon as its answer breaks off, long before the deadline', async () => {
    const path = join(folder, 'engine.sock');
    const breakOff = (_request: object, response: { write(text: string): unknown; destroy(): unknown }): void => {
      response.write('{"Id":"some');
      setTimeout(() => response.destroy(), 10);
    };
    await new FakeEngine({ 'POST /containers/create': breakOff }).listen(path);
    const engine = new DockerEngine({ dockerHost: `unix://${path}` });
    await expect(engine.createContainer({ Image: 'some' }, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
    });
  });

  it('is told in the body alone what to make: addresses get into logs', async () => {
    const path = join(folder, 'engine.sock');
    const asked: string[] = [];
    const made = (request: IncomingMessage, response: ServerResponse): void => {
      asked.push(request.url ?? '');
      response.end('{"Id":"some"}');
    };
    await new FakeEngine({ 'POST /containers/create': made, 'POST /volumes/create': made }).listen(path);
    const engine = new DockerEngine({ dockerHost: `unix://${path}` });
    await engine.createContainer({ name: 'sandport-a-1', Image: 'some', Cmd: ['planted-secret'] });
    await engine.createVolume('sandport-lease-a-1', { label: 'planted-secret' });
    expect(asked).toEqual(['/containers/create?name=sandport-a-1', '/volumes/create?']);
  });

  it('is the one of the configuration, whatever DOCKER_HOST says', async () => {
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    const path = join(folder, 'engine.sock');
    await new FakeEngine(DOCKER_ANSWERS).listen(path);
    expect((await new DockerEngine({ dockerHost: `unix://${path}` }).facts()).version).toBe('28.0.0');
  });

  it('is named with its place when nobody listens', async () => {
    const path = join(folder, 'absent.sock');
    await expect(new DockerEngine({ dockerHost: `unix://${path}` }).facts()).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      message: `The Docker engine at unix://${path} (the field "dockerHost") cannot be reached (ENOENT).`,
    });
  });

  it('that is no engine is told from one', async () => {
    const path = join(folder, 'other.sock');
    await new FakeEngine({ ...DOCKER_ANSWERS, 'GET /info': (_request, response) => response.end('[]') }).listen(path);
    await expect(new DockerEngine({ dockerHost: `unix://${path}` }).facts()).rejects.toMatchObject({ code: 'RESPONSE_INVALID' });
  });
});
