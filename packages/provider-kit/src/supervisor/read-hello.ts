import { withDeadline } from '../deadline.ts';
import { FRAME, PROTOCOL_VERSION, type Frame } from './frame-codec.ts';
import type { SupervisorConnection } from './supervisor-connection.ts';
import { helloSchema, type Hello } from './supervisor-messages.ts';

/** How a supervisor's first word is waited for. */
export interface HelloOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** What to do about a supervisor that is of another version: thrown as it is. */
  readonly versionError: () => Error;
  readonly suggestion: string;
}

/**
 * Waits for the supervisor's first word.
 *
 * @throws SandboxError `DEADLINE_EXCEEDED`, `CANCELLED`, `PROVIDER_UNAVAILABLE` (it ended before), or the error for another version.
 */
export async function readHello(connection: SupervisorConnection, options: HelloOptions): Promise<Hello> {
  const { providerId } = connection.terms;
  const { timeoutMs, signal, suggestion } = options;
  const frame = await withDeadline({ timeoutMs, signal, providerId, operation: OPERATION, suggestion }, () => firstFrame(connection));
  const hello = helloSchema.safeParse(frame.type === FRAME.hello ? JSON.parse(frame.payload.toString('utf8')) : undefined);
  if (!hello.success || hello.data.protocol !== PROTOCOL_VERSION) throw options.versionError();
  return hello.data;
}

const OPERATION = 'boot supervisor';

function firstFrame(connection: SupervisorConnection): Promise<Frame> {
  const { terms } = connection;
  return new Promise((resolve, reject) => {
    connection.listen({
      onFrame: (frame) => {
        connection.release();
        resolve(frame);
      },
      onEnd: (end) =>
        reject(
          terms.error('PROVIDER_UNAVAILABLE', OPERATION, `The ${terms.instance} ended before its supervisor was up.`, {
            suggestion: `Run "sandport doctor"; the cause holds the last words of the ${terms.instance}.`,
            cause: end.error ?? new Error(end.lastWords || `the ${terms.instance} said nothing`),
          }),
        ),
    });
  });
}
