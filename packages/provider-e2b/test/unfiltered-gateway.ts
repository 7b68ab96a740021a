import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A gateway that runs. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
}

/** Stands before a control plane and drops what a list is to be filtered by, as services do that know no marks. */
export async function startUnfilteredGateway(controlUrl: string): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => pass(controlUrl, incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(controlUrl: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const url = new URL(incoming.url ?? '/', controlUrl);
  url.searchParams.delete('metadata');
  const { method, headers } = incoming;
  const passed = request(url, { method, headers: { ...headers, host: url.host } }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  incoming.pipe(passed);
}
