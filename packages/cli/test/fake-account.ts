import { PassThrough, Writable } from 'node:stream';
import { startFakeAgentRun, type FakeAgentRun, type FakeAgentRunOptions } from '@sandport/fakes';
import { onTestFinished } from 'vitest';
import { providers } from '../src/providers.ts';
import { createHome, type Setup } from './run-in-process.ts';

/** What no output may show. */
export const KEY_SECRET = 'ak-secret-do-not-show-0815';

/** A fake AgentRun for one test, with a known secret. */
export async function startFake(options: FakeAgentRunOptions = {}): Promise<FakeAgentRun> {
  const fake = await startFakeAgentRun({ ...options, account: { accessKeySecret: KEY_SECRET, ...options.account } });
  onTestFinished(() => fake.close());
  return fake;
}

/** The variables that lead to a fake. */
export function variablesOf(fake: FakeAgentRun): Record<string, string> {
  const { accountId, accessKeyId, accessKeySecret } = fake.account;
  return {
    AGENTRUN_ACCESS_KEY_ID: accessKeyId,
    AGENTRUN_ACCESS_KEY_SECRET: accessKeySecret,
    AGENTRUN_ACCOUNT_ID: accountId,
    AGENTRUN_REGION: fake.region,
    AGENTRUN_CONTROL_ENDPOINT: fake.url,
    AGENTRUN_DATA_ENDPOINT: fake.url,
  };
}

/** A home folder whose command carries the providers of the real one, with a master key. */
export async function createAliyunHome(setup: Setup = {}) {
  const home = createHome({ providers, ...setup });
  const { exitCode, stderr } = await home.run(['secrets', 'create-key']);
  if (exitCode !== 0) throw new Error(stderr);
  return home;
}

/** A person at a terminal who answers each question by its field, once for each answer, and presses return alone when there is none. */
export function createTerminal(answers: Readonly<Record<string, readonly string[]>>) {
  const left = new Map(Object.entries(answers).map(([name, texts]) => [name, [...texts]]));
  const modes: boolean[] = [];
  const asked: string[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  let shown = '';
  const stderr = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      shown += text;
      const [, name] = /^([a-zA-Z]+)(?: \[.*\]| \(not shown\))?: $/.exec(text) ?? [];
      if (name !== undefined) {
        asked.push(name);
        setImmediate(() => stdin.write(`${left.get(name)?.shift() ?? ''}\r`));
      }
      done();
    },
  });
  return { stdin, stderr, modes, asked, shown: () => shown };
}

/** Stores the connection to a fake, as `configure aliyun` does. */
export async function configure(home: Awaited<ReturnType<typeof createAliyunHome>>, fake: FakeAgentRun): Promise<void> {
  const { exitCode, stderr } = await home.run(['configure', 'aliyun', '--from-env'], { environment: variablesOf(fake) });
  if (exitCode !== 0) throw new Error(stderr);
}
