import { startFakeAgentRun } from '@sandport/fakes';
import { expect, test } from 'vitest';
import { createAliyunProvider } from '../src/index.ts';
import { configOf } from './fake-account.ts';

/** What a program of the supervisor's own user tries: to end it, to read its memory, to take its descriptors, to gain privileges, to reach the network. */
const ATTACK = `
import os, signal, socket, ctypes
def attempt(action):
    try:
        action()
        return True
    except OSError:
        return False
def ptrace(pid):
    if ctypes.CDLL(None, use_errno=True).ptrace(16, pid, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
def main():
    parent = os.getppid()
    return {
        "stop": attempt(lambda: os.kill(parent, signal.SIGSTOP)),
        "stop group": attempt(lambda: os.kill(-os.getpgid(parent), signal.SIGSTOP)),
        "stop all": attempt(lambda: os.kill(-1, signal.SIGCONT)),
        "memory": attempt(lambda: open("/proc/%d/mem" % parent, "rb").close()),
        "descriptors": attempt(lambda: [os.close(os.open("/proc/%d/fd/%s" % (parent, fd), os.O_RDWR)) for fd in ("0", "2")]),
        "trace": attempt(lambda: ptrace(parent)),
        "network": attempt(lambda: socket.socket(socket.AF_INET).close()),
        "local": attempt(lambda: socket.socketpair()[0].close()),
    }
`;

test.runIf(process.platform === 'linux')(
  'where programs share a user with the supervisor, it is closed to them, and nothing is called more than it is',
  async () => {
    await using fake = await startFakeAgentRun({ fileSystem: 'mapped' });
    await using strict = createAliyunProvider(configOf(fake, { programNetwork: 'none' }));
    await expect(strict.createSandbox({ language: 'python' })).rejects.toMatchObject({
      code: 'ISOLATION_MISMATCH',
      details: { reason: 'shared-user' },
    });
    await using provider = createAliyunProvider(configOf(fake, { programNetwork: 'filtered' }));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const result = await sandbox.execute({ code: ATTACK });
    expect(result).toMatchObject({
      status: 'completed',
      value: {
        stop: false,
        'stop group': false,
        'stop all': false,
        memory: false,
        descriptors: false,
        trace: false,
        network: false,
        local: true,
      },
      isolation: { kind: 'remote', hardening: ['capabilities', 'no-new-privileges'] },
    });
    expect(await sandbox.execute({ code: 'def main():\n    return 1\n' })).toMatchObject({ value: 1 });
  },
);
