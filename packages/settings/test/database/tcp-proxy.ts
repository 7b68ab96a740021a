import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What becomes of what a client says: it is passed on; it is kept, with all that follows; the connection ends before or after it was passed on. */
export type Passage = 'pass' | 'keep' | 'cut' | 'pass-and-cut' | 'pass-and-keep-answer';

/** A way to a server on which things can go wrong. */
export interface TcpProxy {
  /** The URL of the server, through here. */
  readonly url: string;
  /** Connections that are open now, and the most that were at a time. */
  readonly counts: { readonly open: number; readonly most: number };
  /** Asked for each piece that a client sends. */
  judge: (bytes: Buffer) => Passage;
  /** Ends every connection at once, as a server that dies does. */
  readonly cut: () => void;
  /** Hands the kept answers on. */
  readonly releaseAnswers: () => void;
  readonly close: () => Promise<void>;
}

/** Starts a proxy before the server of a URL. */
export async function startProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const kept: (() => void)[] = [];
  const counts = { open: 0, most: 0 };
  const proxy = { judge: (_bytes: Buffer): Passage => 'pass' };
  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    counts.open += 1;
    counts.most = Math.max(counts.most, counts.open);
    let isKeeping = false;
    let isAnswerKept = false;
    const end = () => {
      if (!pairs.delete(pair)) return;
      counts.open -= 1;
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.on('data', (bytes) => {
      const passage = isKeeping ? 'keep' : proxy.judge(bytes);
      if (passage === 'cut') return end();
      if (passage === 'keep') return void (isKeeping = true);
      isAnswerKept ||= passage === 'pass-and-keep-answer';
      upstream.write(bytes, () => passage === 'pass-and-cut' && end());
    });
    upstream.on('data', (bytes) => {
      if (isAnswerKept) kept.push(() => client.write(bytes));
      else client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no address');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(address.port);
  const cut = () => {
    for (const [client] of pairs) client.destroy();
  };
  return Object.assign(proxy, {
    url: through.href,
    counts,
    cut,
    releaseAnswers: () => {
      for (const release of kept.splice(0)) release();
    },
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  });
}
