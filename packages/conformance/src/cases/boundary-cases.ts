import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConformanceCase } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage } from '../define-case.ts';
import { expectValue } from '../expectations.ts';

/** Where a program without a network may get to: nowhere. The host comes first; a program that gets there tries no further. */
function targetsOf(port: number): [string, number][] {
  const ownAddresses = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }): [string, number] => [address, port]);
  const gateways: [string, number][] = [['172.17.0.1', port]];
  // The address at which clouds give credentials to their machines, and two public name servers.
  const outside: [string, number][] = [
    ['169.254.169.254', 80],
    ['1.1.1.1', 443],
    ['8.8.8.8', 53],
  ];
  return [['127.0.0.1', port], ...ownAddresses.slice(0, 3), ...gateways, ...outside];
}

/** A listener of the host that every program without isolation can reach. */
async function withListener(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** What the program can see or reach of the machine around it. */
export const boundaryCases: readonly ConformanceCase[] = [
  inEachLanguage({
    id: 'isolation/no-network',
    title: 'lets the program connect to nothing: not to the host, not to its cloud, not to the world',
    programs: {
      python:
        'import socket\ndef main(targets):\n    for host, port in targets:\n        try:\n' +
        '            socket.create_connection((host, port), timeout=1).close()\n            return host\n' +
        '        except (OSError, AttributeError):\n            pass\n    return None\n',
      javascript:
        "const net = require('node:net');\nconst reaches = ([host, port]) => new Promise((done) => {\n" +
        '  const socket = net.connect({ host, port, timeout: 1000 });\n  const end = (reached) => () => {\n' +
        "    socket.destroy();\n    done(reached);\n  };\n  socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));\n});\n" +
        'async function main({ targets }) {\n  for (const target of targets) if (await reaches(target)) return target[0];\n  return null;\n}\n',
      ecmascript:
        "const NAMES = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'process', 'Deno', 'Bun'];\nasync function main() {\n" +
        '  const found = NAMES.find((name) => name in globalThis);\n  if (found !== undefined) return found;\n' +
        "  return import('node:net').then(() => 'node:net', () => null);\n}\n",
    },
    async run(context, { code, language }) {
      await withListener(async (port) => {
        const result = await context.execute({ code, language, arguments: { targets: targetsOf(port) } });
        expectValue(result, null);
      });
    },
  }),
  inEachLanguage({
    id: 'isolation/other-processes',
    title: 'lets the program signal no process but its own, nor reach its memory or open files',
    programs: {
      python:
        'import os\ndef attempt(action):\n    try:\n        action()\n        return True\n    except (OSError, AttributeError):\n        return False\n' +
        'def main():\n    reached = []\n    for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ["0", "1"]):\n        if pid == str(os.getpid()):\n            continue\n' +
        '        attempts = {"signal": lambda: os.kill(int(pid), 0), "memory": lambda: open(f"/proc/{pid}/mem", "rb").close(),\n' +
        '                    "files": lambda: [os.close(os.open(f"/proc/{pid}/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK)) for fd in os.listdir(f"/proc/{pid}/fd")]}\n' +
        '        reached += [f"{what} of {pid}" for what, action in attempts.items() if attempt(action)]\n    return reached[:8]\n',
      javascript:
        "const fs = require('node:fs');\nfunction attempt(action) {\n  try {\n    action();\n    return true;\n  } catch {\n    return false;\n  }\n}\n" +
        "function main() {\n  const reached = [];\n  for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && name !== String(process.pid))) {\n" +
        "    const attempts = {\n      signal: () => process.kill(Number(pid), 0),\n      memory: () => fs.closeSync(fs.openSync('/proc/' + pid + '/mem')),\n" +
        "      files: () => fs.readdirSync('/proc/' + pid + '/fd').forEach((fd) => fs.closeSync(fs.openSync('/proc/' + pid + '/fd/' + fd, fs.constants.O_NONBLOCK))),\n    };\n" +
        "    for (const [what, action] of Object.entries(attempts)) if (attempt(action)) reached.push(what + ' of ' + pid);\n  }\n  return reached.slice(0, 8);\n}\n",
      ecmascript:
        "const PATHS = ['/proc/1/mem', '/proc/self/mem', '/proc/self/fd/0', '/proc/self/environ', '/dev/fd/3', '/dev/mem'];\nfunction main() {\n" +
        '  return PATHS.filter((path) => {\n    try {\n      sandbox.files.read(path);\n      return true;\n    } catch {\n      return false;\n    }\n  });\n}\n',
    },
    async run(context, { code, language }) {
      expectValue(await context.execute({ code, language }), []);
    },
  }),
  inOneLanguage({
    id: 'isolation/host-files',
    title: 'shows the program no file of the host',
    programs: {
      python: 'import os\ndef main(path):\n    return os.path.exists(path)\n',
      javascript: "const main = ({ path }) => require('node:fs').existsSync(path);\n",
    },
    async run(context, { code, language }) {
      const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
      try {
        const path = join(folder, 'host.txt');
        await writeFile(path, 'of the host');
        expectValue(await context.execute({ code, language, arguments: { path } }), false);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  }),
].flat();
