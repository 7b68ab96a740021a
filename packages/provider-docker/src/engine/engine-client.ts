import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { z } from 'zod';
import { agentOptions, type EngineLocation } from './engine-location.ts';

/** An answer that says no, with what {@link toDockerError} decides by. */
class EngineAnswerError extends Error {
  override readonly name = 'EngineAnswerError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

const MAX_ANSWER_CHARACTERS = 4_000;

/** As Node's own agent. */
const AGENT_OPTIONS = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const;

const failureSchema = z.object({ message: z.string() });

/**
 * dockerode for an engine. Everything that the library would otherwise take from the environment is said, so that a `DOCKER_HOST` cannot overrule what the
 * configuration names.
 */
export function dockerClient({ endpoint, tls }: EngineLocation, timeoutMs?: number): Docker {
  const options = {
    // What is left undefined here on purpose would be taken from the environment if it were left out.
    socketPath: 'host' in endpoint ? undefined : endpoint.socketPath,
    host: 'host' in endpoint ? endpoint.host : undefined,
    port: 'host' in endpoint ? endpoint.port : undefined,
    protocol: tls === null ? ('http' as const) : ('https' as const),
    pathPrefix: '/',
    ca: undefined,
    cert: undefined,
    key: undefined,
    timeout: timeoutMs,
    agent: shownInShort(
      tellingAgent(tls === null ? new HttpAgent(AGENT_OPTIONS) : new HttpsAgent({ ...agentOptions(tls), ...AGENT_OPTIONS })),
    ),
  };
  return new Docker(options);
}

/**
 * With each request dockerode's library writes a text of all that belongs to it, to the last closure, for a log that nobody reads. That holds everything else up for milliseconds: this is written as one word.
 */
export function shownInShort<Shown extends object>(shown: Shown): Shown {
  return Object.defineProperty(shown, inspect.custom, { value: () => shown.constructor.name, configurable: true });
}

/**
 * An agent whose requests fail when their answer breaks off. dockerode waits for the answer's end and for an error of the request, and a lost connection gives
 * neither once the answer has begun: the call would hang until its deadline. Node hands every request to `addRequest`; its types do not name it.
 */
function tellingAgent<Agent extends HttpAgent>(agent: Agent): Agent {
  const addRequest: unknown = Reflect.get(agent, 'addRequest');
  if (typeof addRequest !== 'function') return agent;
  return Object.assign(agent, {
    addRequest: (request: ClientRequest, ...others: unknown[]): void => {
      request.once('response', (answer) => void answer.once('error', (error: Error) => request.emit('error', error)));
      Reflect.apply(addRequest, agent, [request, ...others]);
    },
  });
}

/**
 * Opens the one stream that carries input and both outputs of a container. dockerode would send a body with the request, which Docker swallows and Podman
 * hands to the container as its first input.
 *
 * @throws EngineAnswerError when the engine refuses; the system's error when it cannot be reached.
 */
export function openAttachStream({ endpoint, tls }: EngineLocation, containerId: string, signal: AbortSignal): Promise<Duplex> {
  const query = 'stream=1&stdin=1&stdout=1&stderr=1';
  const options: RequestOptions = {
    ...endpoint,
    method: 'POST',
    path: `/containers/${encodeURIComponent(containerId)}/attach?${query}`,
    headers: { Connection: 'Upgrade', Upgrade: 'tcp', 'Content-Length': 0 },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const request = tls === null ? httpRequest(options) : httpsRequest({ ...options, ...agentOptions(tls) });
    const onAbort = (): void => void request.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    request.once('close', () => signal.removeEventListener('abort', onAbort));
    request.once('error', reject);
    request.once('upgrade', (_response, socket, head) => {
      signal.removeEventListener('abort', onAbort);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text = (text + piece).slice(0, MAX_ANSWER_CHARACTERS)));
      response.once('error', reject);
      response.once('end', () => reject(new EngineAnswerError(response.statusCode ?? 0, messageIn(text))));
    });
    request.end();
  });
}

function messageIn(text: string): string {
  try {
    return failureSchema.parse(JSON.parse(text)).message;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return text;
    throw error;
  }
}
