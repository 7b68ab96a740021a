import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

const wholeNumber = (min: number, max: number, fallback: number) => z.int().min(min).max(max).default(fallback);

const executorName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and "-", at most 32');

/** Configuration of an executor. Unknown fields are refused. Each has a sane default for one machine, but for where the tokens are. */
export const executorConfigSchema = z
  .strictObject({
    name: executorName
      .default('executor')
      .describe('Names this executor within the ids that it gives. Executors behind one address need different names.'),
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Only this machine unless told otherwise.'),
        port: wholeNumber(0, 65_535, 9385).describe('Port to listen on; 0 takes a free one.'),
      })
      .prefault({}),
    tls: z
      .strictObject({
        certFile: z.string().min(1).describe('PEM file with the certificate chain.'),
        keyFile: z.string().min(1).describe('PEM file with its key.'),
        clientCaFile: z
          .string()
          .min(1)
          .optional()
          .describe('PEM file of an authority: whoever has no certificate of it cannot connect (mutual TLS).'),
      })
      .optional(),
    tokensFile: z
      .string()
      .min(1)
      .optional()
      .describe('File with the hashes of the tokens. It is read again when it changes. Without it nobody may call.'),
    sandboxKeyFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with a secret of at least 32 characters, by which ids of sandboxes are known for ours after a restart. Empty means a new one with each start.',
      ),
    provider: z
      .strictObject({
        id: z.string().min(1).default('docker').describe('The provider that runs the code.'),
        config: z.record(z.string(), z.json()).default({}).describe("The provider's own configuration, as it is stored."),
      })
      .prefault({}),
    peers: z
      .record(executorName, z.url({ protocol: /^https?$/ }))
      .default({})
      .describe('Executors behind the same address, by name: a call about what lives at one of them is handed on to it.'),
    limits: z
      .strictObject({
        bodyBytes: wholeNumber(1024, 1024 * MEBIBYTE, 96 * MEBIBYTE).describe('Largest body of a request.'),
        bodyTimeoutMs: wholeNumber(100, 3_600_000, 30_000).describe(
          'Time in which a body must have come, and longest silence of a stream.',
        ),
        headerBytes: wholeNumber(1024, MEBIBYTE, 16_384).describe('Largest header of a request.'),
        headerTimeoutMs: wholeNumber(100, 600_000, 5000).describe('Time in which a header must have come.'),
        keepAliveTimeoutMs: wholeNumber(100, 3_600_000, 65_000).describe('How long an idle connection stays open.'),
        answerTimeoutMs: wholeNumber(100, 3_600_000, 30_000).describe('Longest time in which a caller takes nothing of an answer.'),
        maxConnections: wholeNumber(1, 100_000, 2048).describe('Connections at one time. More are closed at once.'),
      })
      .prefault({}),
    idempotency: z
      .strictObject({
        windowMs: wholeNumber(1000, 24 * 3_600_000, 3_600_000).describe(
          'How long the outcome of a call with a key is remembered, in memory.',
        ),
        maxBytes: wholeNumber(MEBIBYTE, 4096 * MEBIBYTE, 64 * MEBIBYTE).describe(
          'Most that is remembered; the oldest are forgotten first.',
        ),
      })
      .prefault({}),
    graceMs: wholeNumber(0, 3_600_000, 20_000).describe('How long running calls may go on when the executor is told to stop.'),
    healthIntervalMs: wholeNumber(1000, 3_600_000, 60_000).describe('How often it is tried whether programs can really be run.'),
    open: z
      .strictObject({
        ready: z.boolean().default(false).describe('/readyz needs no token.'),
        metrics: z.boolean().default(false).describe('/metrics needs no token.'),
        ragflow: z.boolean().default(false).describe('/run needs no token: whoever reaches this address runs code.'),
      })
      .prefault({}),
    ragflow: z
      .strictObject({
        timeoutMs: wholeNumber(1, 3_600_000, 10_000).describe('Time limit of a program that comes by /run.'),
        memoryBytes: wholeNumber(64 * MEBIBYTE, 1024 * 1024 * MEBIBYTE, 256 * MEBIBYTE).describe('Memory of a program that comes by /run.'),
      })
      .prefault({}),
    log: z
      .strictObject({
        level: z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
          .default('info')
          .describe('Least important line that is written.'),
        showCode: z.boolean().default(false).describe('Write what programs are and print into the log, too.'),
      })
      .prefault({}),
  })
  .refine(({ tls, peers }) => tls?.clientCaFile === undefined || Object.keys(peers).length === 0, {
    path: ['peers'],
    error:
      'cannot be reached by an executor without a certificate: leave "tls.clientCaFile" out, and let what stands in front ask for certificates',
  });

/** A checked configuration of an executor. */
export type ExecutorConfig = z.output<typeof executorConfigSchema>;
