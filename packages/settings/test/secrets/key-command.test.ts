import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import { parseKeyCommand } from '../../src/secrets/key-command.ts';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { loadKeyRing, type KeyReadOptions } from '../../src/secrets/master-key-sources.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';
import { runKeyCommand } from '../../src/secrets/run-key-command.ts';
import { everythingShown, failureOf } from './failure-of.ts';

const HANGING = 'setInterval(() => undefined, 1000)';

/** A command that runs a script with the Node of this test. */
function nodeCommand(script: string, ...args: string[]): string {
  return JSON.stringify([process.execPath, '-e', script, ...args]);
}

function load(command: string, options: KeyReadOptions = {}): Promise<KeyRing | undefined> {
  return loadKeyRing({ environment: { ...process.env, SANDPORT_MASTER_KEY_COMMAND: command }, ...options });
}

/** A program that lives as long as its connection to the test, unless it is ended before. */
function connecting(port: number): string {
  return `require("net").connect(${port}, "127.0.0.1").resume().on("error", () => undefined).on("close", () => process.exit())`;
}

/** A server that a process connects to: the test sees the end of the process at the end of the connection. */
async function withWitness(work: (port: number, connected: Promise<Socket>) => Promise<void>): Promise<void> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  try {
    await work(port, new Promise((resolve) => server.once('connection', resolve)));
  } finally {
    server.close();
  }
}

describe('what a key command prints', () => {
  test('is read like a key file', async () => {
    const keys = [generateMasterKey(), generateMasterKey()];
    const ring = await load(nodeCommand('console.log(`# from a vault\\n${process.argv.slice(1).join("\\n")}`)', ...keys));
    expect(JSON.stringify(ring)).toBe(JSON.stringify(KeyRing.of(keys.map((key) => ({ key })))));
  });

  test('is never shown when it is no key', async () => {
    const error = await failureOf(() => load(nodeCommand('console.log("planted secret"); console.error("planted secret")')));
    expect([error.code, error.message]).toEqual([
      'CONFIG_INVALID',
      'the output of the key command "node", line 1: is neither base64 nor 64 hexadecimal digits.',
    ]);
    expect(everythingShown(error)).not.toContain('planted');
  });

  test.each([
    ['nothing', 'undefined', 'has no key'],
    ['bytes that are no text', 'process.stdout.write(Buffer.from([255, 254, 0, 10]))', 'is neither base64'],
    ['too much', 'process.stdout.write("#".repeat(65_537))', 'printed more than 65536 bytes'],
    ['without end', 'const more = () => process.stdout.write("#".repeat(1000), more); more()', 'printed more than 65536 bytes'],
  ])('is refused when it is %s', async (_, script, finding) => {
    const error = await failureOf(() => load(nodeCommand(script)));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain(finding);
  });
});

describe('a key command that fails', () => {
  test.each([
    ['ends with a status', 'console.log("planted"); console.error("planted"); process.exitCode = 3', 'ended with exit status 3'],
    ['is ended by a signal', 'process.kill(process.pid, "SIGKILL")', 'was ended by SIGKILL'],
  ])('because it %s is named with that, and without its words', async (_, script, finding) => {
    const error = await failureOf(() => load(nodeCommand(script, 'planted')));
    expect([error.code, error.message, error.retryable]).toEqual(['SETTINGS_UNAVAILABLE', `the key command "node": ${finding}.`, true]);
    expect(everythingShown(error)).not.toContain('planted');
  });

  test('because there is no such program is named without its arguments', async () => {
    const error = await failureOf(() => load('["/nowhere/kms","--token","planted"]'));
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', 'the key command "kms": cannot be started (ENOENT).']);
    expect(everythingShown(error)).not.toContain('planted');
  });

  test('because it may not be run is the operator’s to mend', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandport-command-'));
    try {
      const path = join(folder, 'kms');
      writeFileSync(path, '#!/bin/sh\n', { mode: 0o600 });
      expect((await failureOf(() => load(path))).message).toBe('the key command "kms": cannot be started (EACCES).');
      chmodSync(path, 0o700);
      expect((await failureOf(() => load(path))).message).toBe('the output of the key command "kms": has no key.');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('because it never ends is ended', async () => {
    const error = await failureOf(() => load(nodeCommand(HANGING), { commandTimeoutMs: 100 }));
    expect([error.code, error.message]).toEqual(['SETTINGS_UNAVAILABLE', 'the key command "node": did not end within 100 ms.']);
  });

  test('because something that it started holds its output holds neither the caller nor the pipe', async () => {
    await withWitness(async (port, connected) => {
      // It is no part of the group any more; what it writes tells it that nobody reads.
      const heir = `${connecting(port)}; process.stdout.on("error", () => process.exit()); setInterval(() => process.stdout.write("#"), 20)`;
      const script = `require("child_process").spawn(process.execPath, ["-e", process.argv[1]], { stdio: "inherit", detached: true }).unref()`;
      const failure = failureOf(() => load(nodeCommand(script, heir), { commandTimeoutMs: 2000 }));
      const socket = await connected;
      try {
        const ended = once(socket.on('error', () => undefined).resume(), 'close');
        expect((await failure).message).toBe('the key command "node": did not end within 2000 ms.');
        await ended;
      } finally {
        socket.destroy();
      }
    });
  });
});

test('a withdrawn call ends the command and what it started', async () => {
  await withWitness(async (port, connected) => {
    const script = `require("child_process").spawn(process.execPath, ["-e", process.argv[1]]); ${HANGING}`;
    const controller = new AbortController();
    const failure = failureOf(() => load(nodeCommand(script, connecting(port)), { signal: controller.signal }));
    const socket = await connected;
    try {
      const ended = once(socket.on('error', () => undefined).resume(), 'close');
      controller.abort('enough');
      expect(await failure).toMatchObject({ code: 'CANCELLED', cause: 'enough' });
      await ended;
    } finally {
      socket.destroy();
    }
  });
  const error = await failureOf(() => load(nodeCommand(HANGING), { signal: AbortSignal.abort('before') }));
  expect(error).toMatchObject({ code: 'CANCELLED', cause: 'before' });
});

test('a command gets the variables of its caller, but none of Sandport’s', async () => {
  const command = parseKeyCommand(nodeCommand('console.log(JSON.stringify(process.env))'));
  const environment = {
    VAULT_TOKEN: 'for the vault',
    SANDPORT_SETTINGS: 'planted',
    SANDPORT_MASTER_KEY_COMMAND: 'planted',
    ABSENT: undefined,
  };
  const seen = z.record(z.string(), z.string()).parse(JSON.parse(await runKeyCommand(command, { environment })));
  expect(seen).toMatchObject({ VAULT_TOKEN: 'for the vault' });
  expect(Object.keys(seen).filter((name) => name.startsWith('SANDPORT_') || name === 'ABSENT')).toEqual([]);
});

describe('the text of a command', () => {
  test.each<[string, string, readonly string[]]>([
    ['/usr/bin/kms', '/usr/bin/kms', []],
    [' kms\n', 'kms', []],
    ['["kms"]', 'kms', []],
    ['["my kms", "a b", "$HOME", ""]', 'my kms', ['a b', '$HOME', '']],
  ])('%s names a program and its arguments', (text, program, args) => {
    expect(parseKeyCommand(text)).toEqual({ program, args });
  });

  test.each([' ', 'kms --token planted', '[]', '[""]', '["kms", 1]', '["kms"', '["kms", "planted\\u0000"]', '[["planted"]]', 'planted\0'])(
    'is refused without being quoted: %j',
    async (text) => {
      const error = await failureOf(() => parseKeyCommand(text));
      expect(error.code).toBe('CONFIG_INVALID');
      expect(error.message).toContain('SANDPORT_MASTER_KEY_COMMAND');
      expect(everythingShown(error)).not.toContain('planted');
    },
  );
});
