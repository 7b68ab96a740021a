import { aliyunProvider } from '@sandport/provider-aliyun';
import { dockerProvider } from '@sandport/provider-docker';
import { e2bProvider } from '@sandport/provider-e2b';
import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';
import { expect, test } from 'vitest';
import { addressesIn } from './config-addresses.ts';

test('finds the addresses of every provider, whatever they are written as', () => {
  expect(addressesIn(wasmProvider, { memoryBytes: 1 })).toEqual([]);
  expect(addressesIn(dockerProvider, { dockerHost: 'unix:///var/run/docker.sock' })).toEqual([
    { field: 'dockerHost', path: '/var/run/docker.sock' },
  ]);
  expect(addressesIn(dockerProvider, { dockerHost: 'tcp://10.0.0.1:2376' })).toEqual([
    { field: 'dockerHost', host: '10.0.0.1', port: 2376 },
  ]);
  expect(
    addressesIn(selfManagedProvider, { endpoint: 'http://[fd00::1]/below', endpoints: ['https://b.example', ' http://0x7f.1:9385 '] }),
  ).toEqual([
    { field: 'endpoint', host: 'fd00::1', port: 80 },
    { field: 'endpoints', host: 'b.example', port: 443 },
    { field: 'endpoints', host: '127.0.0.1', port: 9385 },
  ]);
  expect(
    addressesIn(aliyunProvider, { controlEndpoint: '169.254.169.254', dataEndpoint: 'data.example:8443', region: 'cn-hangzhou' }),
  ).toEqual([
    { field: 'controlEndpoint', host: '169.254.169.254', port: 443 },
    { field: 'dataEndpoint', host: 'data.example', port: 8443 },
  ]);
  expect(
    addressesIn(e2bProvider, {
      apiUrl: 'http://user:password@2130706433/x',
      sandboxUrl: 'https://{port}-{sandbox}.sandboxes.example',
      domain: 'localhost:3000',
      proxy: 'http://me:secret@10.1.1.1:3128',
      allowOut: ['10.0.0.0/8'],
      template: 'http',
    }),
  ).toEqual([
    { field: 'domain', host: 'localhost', port: 3000 },
    { field: 'apiUrl', host: '127.0.0.1', port: 80 },
    { field: 'sandboxUrl', host: '1-sandbox.sandboxes.example', port: 443 },
    { field: 'proxy', host: '10.1.1.1', port: 3128 },
  ]);
});

test('leaves what is no address to the schema', () => {
  expect(addressesIn(selfManagedProvider, { endpoint: 'http://', endpoints: 7 })).toEqual([]);
  expect(addressesIn(selfManagedProvider, { endpoint: 'http://a b', endpoints: [1, null] })).toEqual([]);
});
