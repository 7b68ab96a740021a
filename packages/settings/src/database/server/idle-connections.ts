import type { ServerConnection } from './server-connection.ts';

/** How long a connection waits for its next call before it is closed. */
const MAX_IDLE_MS = 30_000;
/** How long a server may take to say goodbye. */
const LEAVE_TIMEOUT_MS = 1000;

/** Connections that wait for their next call. They do not keep the process alive. */
export class IdleConnections {
  readonly #timers = new Map<ServerConnection, NodeJS.Timeout>();

  /** The one that was used last, so that those which are too many become old. */
  take(): ServerConnection | undefined {
    for (const [connection, timer] of [...this.#timers].toReversed()) {
      clearTimeout(timer);
      this.#timers.delete(connection);
      if (connection.link.broken.aborted) continue;
      connection.link.keepAlive(true);
      return connection;
    }
    return undefined;
  }

  put(connection: ServerConnection): void {
    if (connection.link.broken.aborted) return;
    connection.link.keepAlive(false);
    const timer = setTimeout(() => {
      this.#timers.delete(connection);
      void connection.link.close(LEAVE_TIMEOUT_MS);
    }, MAX_IDLE_MS);
    timer.unref();
    this.#timers.set(connection, timer);
  }

  async close(): Promise<void> {
    const connections = [...this.#timers];
    this.#timers.clear();
    await Promise.all(
      connections.map(([{ link }, timer]) => {
        clearTimeout(timer);
        link.keepAlive(true);
        return link.close(LEAVE_TIMEOUT_MS);
      }),
    );
  }
}
