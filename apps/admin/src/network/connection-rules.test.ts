import { SandboxError } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { ConnectionRules } from './connection-rules.ts';

const NEVER = [
  '169.254.169.254',
  '100.100.100.200',
  'fd00:ec2::254',
  'fe80::1',
  '0.0.0.0',
  '::',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
];

describe('addresses', () => {
  test('public ones may be connected to, private ones not', () => {
    const rules = new ConnectionRules({});
    expect(rules.refusalOfHost('1.1.1.1', 443)).toBeUndefined();
    const refusal = rules.refusalOfHost('10.0.0.1', 443);
    expect([refusal?.kind, refusal?.suggestion]).toEqual(['private', expect.stringContaining('allowedPrivateNetworks')]);
    expect(rules.refusalOfHost('127.0.0.1', 443)?.kind).toBe('loopback');
  });

  test('a network that is allowed is, in every form of its addresses, and no other', () => {
    const rules = new ConnectionRules({ allowedPrivateNetworks: ['10.20.0.0/16', 'fd12:3456::/48', '192.168.1.7'] });
    for (const address of ['10.20.3.4', '::ffff:10.20.3.4', '64:ff9b::10.20.3.4', 'fd12:3456::1', '192.168.1.7']) {
      expect([address, rules.refusalOfHost(address, 80)]).toEqual([address, undefined]);
    }
    for (const address of ['10.21.0.1', 'fd12:3457::1', '192.168.1.8', '127.0.0.1']) expect(rules.refusalOfHost(address, 80)).toBeDefined();
  });

  test.each(NEVER)('%s is refused whatever is allowed or named', (address) => {
    const rules = new ConnectionRules({ allowedPrivateNetworks: ['0.0.0.0/0', '::/0'], endpoints: [{ host: address, port: 80 }] });
    expect(rules.refusalOfHost(address, 80)?.suggestion).toContain('whatever is allowed');
    expect(rules.refusalOfAddress(address, 'some.name', 80)).toBeDefined();
  });

  test('what the deployment names may be connected to, by that name and port alone', () => {
    const rules = new ConnectionRules({ endpoints: [{ host: 'DB.internal.', port: 5432 }] });
    expect(rules.refusalOfAddress('10.0.0.5', 'db.internal', 5432)).toBeUndefined();
    expect(rules.refusalOfAddress('10.0.0.5', 'db.internal', 80)?.kind).toBe('private');
    expect(rules.refusalOfAddress('10.0.0.5', 'other.internal', 5432)?.kind).toBe('private');
    expect(rules.refusalOfAddress('169.254.169.254', 'db.internal', 5432)?.kind).toBe('link-local');
  });
});

test.each(['metadata.google.internal', 'METADATA.google.internal.', 'metadata', 'instance-data.ec2.internal', 'metadata.tencentyun.com'])(
  'the name %s is refused before it is looked up',
  (host) => {
    expect(new ConnectionRules({ allowedPrivateNetworks: ['0.0.0.0/0'] }).refusalOfHost(host, 80)?.kind).toBe('metadata');
  },
);

test('sockets are those that the deployment names', () => {
  const rules = new ConnectionRules({ unixSockets: ['/var/run/docker.sock'] });
  expect(rules.refusalOfSocket('/var/run/../run/docker.sock')).toBeUndefined();
  expect(rules.refusalOfSocket('/run/systemd/private')?.kind).toBe('unix-socket');
  expect(rules.refusalOfSocket('/var/run/docker.sock/../other.sock')?.kind).toBe('unix-socket');
});

test.each(['10.0.0.0/33', '10.0.0.0/', 'ten', '', '10/8', '010.0.0.0/8', '0x0a.0.0.0/8', 'fd00::/129', '10.0.0.0/8,::/0'])(
  '"%s" is no network, and is named',
  (network) => {
    try {
      new ConnectionRules({ allowedPrivateNetworks: ['10.0.0.0/8', network] });
    } catch (error) {
      expect(SandboxError.isInstance(error) && [error.code, error.details]).toEqual([
        'CONFIG_INVALID',
        { field: 'allowedPrivateNetworks.1' },
      ]);
      return;
    }
    throw new Error('it was taken');
  },
);
