import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REQUEST_LINE = /(GET|HEAD|POST|PUT|DELETE) (\/\S*) HTTP\/1\.1\r\n/g;

/** Passes everything on to an engine as it is, and keeps which calls were made. */
export class EngineRecorder {
  readonly calls: { method: string; target: string }[] = [];
  readonly #folder: string;
  readonly #sockets = new Set<Socket>();
  readonly #server;

  private constructor(folder: string, enginePath: string) {
    this.#folder = folder;
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: enginePath, allowHalfOpen: true });
      near.on('data', (chunk: Buffer) => this.#read(chunk.toString('latin1')));
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.once('error', () => socket.destroy());
        socket.once('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  static async open(enginePath: string): Promise<EngineRecorder> {
    const recorder = new EngineRecorder(await mkdtemp(join(tmpdir(), 'sandport-recorder-')), enginePath);
    recorder.#server.listen(recorder.socketPath);
    await once(recorder.#server, 'listening');
    return recorder;
  }

  get socketPath(): string {
    return join(this.#folder, 'docker.sock');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Heads of requests are short and come in one piece. */
  #read(text: string): void {
    for (const [, method = '', target = ''] of text.matchAll(REQUEST_LINE)) this.calls.push({ method, target });
  }
}
