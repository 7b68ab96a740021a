// @ts-check
import { describe, expect, it } from 'vitest';
import { daemonConfig } from './daemon-config.mjs';

const settings = {
  runFolder: '/run/own',
  dataFolder: '/data',
  socketPath: '/run/own/docker.sock',
  cgroupParent: 'own',
  logFile: '/data/dockerd.log',
  dockerdPath: '/usr/sbin/dockerd',
  runscPath: '/usr/bin/runsc',
};

describe('daemonConfig', () => {
  it('keeps everything in our own folders', () => {
    expect(daemonConfig(settings, 'overlay2')).toMatchObject({
      hosts: ['unix:///run/own/docker.sock'],
      'data-root': '/data/docker',
      'exec-root': '/run/own/exec',
      pidfile: '/run/own/docker.pid',
      'storage-driver': 'overlay2',
      'cgroup-parent': '/own',
    });
  });

  it('leaves the network of the machine alone', () => {
    expect(daemonConfig(settings, 'vfs')).toMatchObject({ bridge: 'none', iptables: false, ip6tables: false });
  });

  it('registers gVisor so that limits hold', () => {
    const { runtimes } = daemonConfig(settings, 'overlay2');
    expect(runtimes).toEqual({ runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap', '--network=none'] } });
  });

  it('registers no runtime without a runsc', () => {
    expect(daemonConfig({ ...settings, runscPath: null }, 'overlay2')).not.toHaveProperty('runtimes');
  });
});
