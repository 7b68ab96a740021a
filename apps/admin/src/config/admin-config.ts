import { isIP } from 'node:net';
import { z } from 'zod';
import { openIdConfigSchema } from '../openid/openid-config.ts';

const MEBIBYTE = 1024 * 1024;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const wholeNumber = (min: number, max: number, fallback: number) => z.int().min(min).max(max).default(fallback);

const network = z.string().refine(isNetwork, 'must be an address or a network like 10.0.0.0/8');

/** Configuration of the admin app. Unknown fields are refused. Each has a sane default for one machine. */
export const adminConfigSchema = z
  .strictObject({
    settings: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The stored configuration: path of an SQLite file, or URL of a database. Empty means the place that the command line uses.',
      ),
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Only this machine unless told otherwise.'),
        port: wholeNumber(0, 65_535, 7420).describe('Port to listen on; 0 takes a free one.'),
      })
      .prefault({}),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .refine((url) => new URL(url).pathname === '/', 'must have no path')
      .optional()
      .describe('Where browsers reach this server, when that is not where it listens.'),
    trustedProxies: z.array(network).default([]).describe('Reverse proxies, whose word about the address of a caller is believed.'),
    tls: z
      .strictObject({
        certFile: z.string().min(1).describe('PEM file with the certificate chain.'),
        keyFile: z.string().min(1).describe('PEM file with its key.'),
      })
      .optional(),
    allowedPrivateNetworks: z
      .array(network)
      .default([])
      .describe('Private networks in which providers may be reached, like 10.0.0.0/8. Others are refused.'),
    allowedSockets: z
      .array(z.string().startsWith('/', 'must be an absolute path'))
      .default([])
      .describe(
        'Sockets in the file system that providers may use, beside those at which a Docker engine of this machine usually listens.',
      ),
    sessions: z
      .strictObject({
        idleMs: wholeNumber(MINUTE_MS, 24 * HOUR_MS, HOUR_MS).describe('How long a session lasts without being used.'),
        absoluteMs: wholeNumber(MINUTE_MS, 30 * 24 * HOUR_MS, 12 * HOUR_MS).describe('How long a session lasts at most.'),
      })
      .prefault({}),
    invitationMs: wholeNumber(MINUTE_MS, 30 * 24 * HOUR_MS, 72 * HOUR_MS).describe('How long the link of an invitation is good for.'),
    openId: openIdConfigSchema.optional(),
    limits: z
      .strictObject({
        bodyBytes: wholeNumber(1024, 256 * MEBIBYTE, 32 * MEBIBYTE).describe('Largest body of a request.'),
        bodyTimeoutMs: wholeNumber(100, HOUR_MS, 30_000).describe('Time in which a body must have come.'),
        headerBytes: wholeNumber(1024, MEBIBYTE, 16_384).describe('Largest header of a request.'),
        headerTimeoutMs: wholeNumber(100, 600_000, 5000).describe('Time in which a header must have come.'),
        keepAliveTimeoutMs: wholeNumber(100, HOUR_MS, 65_000).describe('How long an idle connection stays open.'),
        answerTimeoutMs: wholeNumber(100, HOUR_MS, 30_000).describe('Longest time in which a caller takes nothing of an answer.'),
        maxConnections: wholeNumber(1, 100_000, 512).describe('Connections at one time. More are closed at once.'),
      })
      .prefault({}),
    graceMs: wholeNumber(0, HOUR_MS, 5000).describe('How long running calls may go on when the server is told to stop.'),
    log: z
      .strictObject({
        level: z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
          .default('info')
          .describe('Least important line that is written.'),
      })
      .prefault({}),
  })
  .refine(({ tls, publicUrl }) => tls === undefined || publicUrl === undefined || new URL(publicUrl).protocol === 'https:', {
    path: ['publicUrl'],
    error: 'must begin with https: this server speaks TLS',
  });

/** A checked configuration of the admin app. */
export type AdminConfig = z.output<typeof adminConfigSchema>;

function isNetwork(text: string): boolean {
  const [address = '', bits, ...others] = text.split('/');
  const family = isIP(address);
  if (family === 0 || others.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
