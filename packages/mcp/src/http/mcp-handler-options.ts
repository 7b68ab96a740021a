import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { refusedMcpOption, type McpCodeOptions } from '../mcp-options.ts';

/** Who may call, from where, and how much. */
export interface McpHandlerOptions {
  /**
   * Makes the options of a session. The caller is what `authenticate` said: take the tenant from it, so that no sandbox is shared.
   */
  readonly session: (caller: string) => McpCodeOptions;
  /**
   * Says who calls, by the headers; `undefined` refuses the request with 401 before a byte of its body is read. A session belongs to the caller who began it. There is no
   * default: a server that lets everybody in says so, with `() => 'anybody'`.
   */
  readonly authenticate: (request: IncomingMessage) => string | undefined | Promise<string | undefined>;
  /** Values of the header `host` that are served, without ports: this keeps pages of other sites from calling through a name of their own. @default localhost, 127.0.0.1, [::1] */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Values of the header `origin` that are served. Requests without one are no pages' and are served. @default none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Sessions at one time; more are refused with 503. @default 100 */
  readonly maxSessions?: number | undefined;
  /** Sessions of one caller at one time; more are refused with 429. @default 10 */
  readonly maxSessionsPerCaller?: number | undefined;
  /** Time without a request after which a session is ended, in milliseconds: 1000 to 86400000. A request that is being answered is no idle time. @default 1800000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Bytes of the body of one request. @default 4194304 */
  readonly maxBodyBytes?: number | undefined;
  /** Told of what went wrong and has nobody else to be told to. @default a warning of the process */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

const functionOf = <Kind>() => z.custom<Kind>((value) => typeof value === 'function', 'must be a function');

const optionsSchema = z.strictObject({
  session: functionOf<McpHandlerOptions['session']>(),
  authenticate: functionOf<McpHandlerOptions['authenticate']>(),
  allowedHosts: z.array(z.string().toLowerCase()).default(['localhost', '127.0.0.1', '[::1]']),
  allowedOrigins: z.array(z.string()).default([]),
  maxSessions: z.int().min(1).max(100_000).default(100),
  maxSessionsPerCaller: z.int().min(1).max(100_000).default(10),
  idleTimeoutMs: z.int().min(1000).max(86_400_000).default(1_800_000),
  maxBodyBytes: z
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(4 * 1024 * 1024),
  onWarning: functionOf<(error: unknown) => void>().default(() => warnProcess),
});

/** Options that were checked and completed. */
export type CheckedHandlerOptions = z.output<typeof optionsSchema>;

/** @throws SandboxError `REQUEST_INVALID` naming the option. */
export function checkHandlerOptions(options: McpHandlerOptions): CheckedHandlerOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw refusedMcpOption(parsed.error);
  return parsed.data;
}

function warnProcess(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
