import { z } from 'zod';

const words = z.array(z.string().min(1).max(256)).max(100).default([]);

/** Sign-in by OpenID Connect: whom to ask, and who may enter. */
export const openIdConfigSchema = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .refine(isProtected, 'must begin with https: what comes from there decides who may enter')
    .describe('Address of the OpenID Connect provider, as it names itself.'),
  clientId: z.string().min(1).describe('What the provider knows this program as.'),
  clientSecretFile: z.string().min(1).optional().describe('File with the secret of this client. Without it the client has none.'),
  name: z.string().min(1).max(64).default('OpenID Connect').describe('What the button says.'),
  scope: z
    .string()
    .regex(/(^| )openid( |$)/, 'must have "openid"')
    .default('openid profile email')
    .describe('What is asked for, with spaces between.'),
  roleClaim: z
    .string()
    .min(1)
    .default('groups')
    .describe('The claim that says who may do what: a text or a list of them. With dots for what lies deeper.'),
  roles: z
    .strictObject({
      admin: words.describe('Values of the claim that make an admin.'),
      operator: words.describe('Values of the claim that make an operator.'),
      viewer: words.describe('Values of the claim that make a viewer.'),
    })
    .refine((roles) => Object.values(roles).some((values) => values.length > 0), 'lets nobody enter')
    .describe('Whoever has none of these values is refused.'),
});

/** See {@link openIdConfigSchema}. */
export type OpenIdConfig = z.output<typeof openIdConfigSchema>;

/** On this machine nobody is in between. */
function isProtected(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
