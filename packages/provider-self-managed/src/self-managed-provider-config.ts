import { configFields, REQUEST_LIMITS, Secret } from '@sandport/core';
import { executionMaximumFields, wholeNumber } from '@sandport/provider-kit';
import { z } from 'zod';

/** How the far side is spoken to. */
const PROTOCOLS = ['auto', 'sandport', 'ragflow'] as const;

const address = z
  .string()
  .trim()
  .refine(isAddress, 'must be an address that begins with http:// or https://, without user, query or fragment');

const pem = (kind: string) => z.string().includes(`${kind}-----`, `must be the text of a PEM file with a ${kind.toLowerCase()}`);

const { maxOutputBytes, maxArtifactCount, maxArtifactTotalBytes } = executionMaximumFields;

/** Configuration of `provider-self-managed`. Unknown fields are refused. */
export const selfManagedProviderConfigSchema = z
  .strictObject({
    endpoint: address.register(configFields, {
      label: 'Address of the executor',
      help: 'Where the executor is reached. A path at its end is kept, for executors behind a gateway.',
      placeholder: 'https://executor.example:9385',
    }),
    endpoints: z.array(address).max(64).default([]).register(configFields, {
      label: 'Further executors',
      help: 'Addresses of more executors, with the same token. New sandboxes go to all in turn; one that cannot be reached is passed over for a while.',
    }),
    token: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{1,4096}$/, 'must be printable text without spaces')
      .transform((text) => new Secret(text))
      .optional()
      .register(configFields, {
        label: 'Token',
        help: 'Sent as a bearer token. Empty: none, for executors that ask for none.',
        secret: true,
      }),
    protocol: z.enum(PROTOCOLS).default('auto').register(configFields, {
      label: 'Protocol',
      help: "sandport is that of our executor, ragflow that of RAGFlow's executor manager. auto finds out with the first call.",
    }),
    tlsCa: pem('CERTIFICATE').optional().register(configFields, {
      label: 'Certificate of the authority',
      help: "PEM of the authority that signed the executor's certificate. Empty: the authorities that Node knows.",
    }),
    tlsCert: pem('CERTIFICATE').optional().register(configFields, {
      label: 'Client certificate',
      help: 'PEM of the certificate by which the executor knows us. Needs the key, too.',
    }),
    tlsKey: pem('PRIVATE KEY')
      .transform((text) => new Secret(text))
      .optional()
      .register(configFields, { label: 'Client key', help: 'PEM of the key of the client certificate.', secret: true }),
    timeoutMs: wholeNumber(1000, 3_600_000, 600_000).register(configFields, {
      label: 'Longest run',
      help: 'The most time that a request may ask for, in milliseconds. Requests that do not say get at most this. The executor has a maximum of its own.',
    }),
    maxOutputBytes,
    maxArtifactCount,
    maxArtifactTotalBytes,
    maxLifetimeMs: wholeNumber(100, REQUEST_LIMITS.lifetimeMs, 86_400_000).register(configFields, {
      label: 'Longest life',
      help: 'The longest life, and the longest idle time, that may be asked for, in milliseconds. The executor has a maximum of its own.',
    }),
    requestTimeoutMs: wholeNumber(1000, 300_000, 30_000).register(configFields, {
      label: 'Time for an answer',
      help: 'How long the executor may take for one answer, in milliseconds; also for the start of a program, and for bringing its artifacts back.',
    }),
    maxRetries: wholeNumber(0, 10, 3).register(configFields, {
      label: 'Repetitions',
      help: 'How often a call is repeated that may be carried out twice, or that was never sent. A program is never run again.',
    }),
  })
  .superRefine(({ tlsCert, tlsKey }, context) => {
    if ((tlsCert === undefined) === (tlsKey === undefined)) return;
    const field = tlsCert === undefined ? 'tlsCert' : 'tlsKey';
    context.addIssue({ code: 'custom', path: [field], message: 'must be given: certificate and key belong together' });
  });

/** A checked configuration of `provider-self-managed`. */
export type SelfManagedProviderConfig = z.output<typeof selfManagedProviderConfigSchema>;

function isAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, search, hash, username, password } = new URL(value);
  return ['http:', 'https:'].includes(protocol) && search + hash + username + password === '';
}
