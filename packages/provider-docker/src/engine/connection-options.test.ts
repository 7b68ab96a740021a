import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionOptions } from './connection-options.ts';

const before = process.env['DOCKER_HOST'];

beforeEach(() => {
  delete process.env['DOCKER_HOST'];
});

afterEach(() => {
  if (before === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = before;
});

describe('connectionOptions', () => {
  it('takes the configuration, then DOCKER_HOST, then the local socket', () => {
    expect(connectionOptions(undefined).options).toEqual({ socketPath: '/var/run/docker.sock' });
    process.env['DOCKER_HOST'] = 'unix:///from/environment.sock';
    expect(connectionOptions(undefined).options).toEqual({ socketPath: '/from/environment.sock' });
    expect(connectionOptions('unix:///from/config.sock').options).toEqual({ socketPath: '/from/config.sock' });
  });

  it.each([
    ['tcp://engine:2376', { protocol: 'http', host: 'engine', port: 2376 }],
    ['https://engine', { protocol: 'https', host: 'engine', port: 2375 }],
  ])('reads %s', (address, options) => {
    expect(connectionOptions(address).options).toEqual(options);
  });

  it.each(['ssh://engine', 'engine:2375', 'not an address'])('refuses %s', (address) => {
    expect(() => connectionOptions(address)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
