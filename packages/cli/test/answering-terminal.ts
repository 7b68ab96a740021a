import { PassThrough, Writable } from 'node:stream';

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
