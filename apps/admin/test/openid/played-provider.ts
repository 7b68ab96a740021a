import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Context } from 'oidc-provider';

export const CLIENT_SECRET = 'the secret of the client';

/** Somebody whom the provider knows. */
export interface KnownPerson {
  readonly sub: string;
  readonly groups: readonly string[];
  readonly username: string;
}

/** A real OpenID Connect provider on this machine, which believes everybody to be whom the test says. */
export class PlayedProvider {
  /** Who signs in next. */
  person: KnownPerson = { sub: 'person-1', groups: [], username: 'someone' };
  readonly issuer: string;
  readonly #server: ReturnType<typeof createServer>;
  #listener: RequestListener = (_request, response) => void response.writeHead(503).end();

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => this.#listener(request, response));
  }

  static async start(): Promise<PlayedProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PlayedProvider(server);
  }

  /** From now on it answers, and leads back to there. */
  serve(callback: string): void {
    const people = new Map<string, KnownPerson>();
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: 'sandport',
          client_secret: CLIENT_SECRET,
          redirect_uris: [callback],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      cookies: { keys: ['a key for cookies of this test'] },
      claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
      scopes: ['openid', 'profile', 'groups'],
      features: { devInteractions: { enabled: false } },
      interactions: { url: () => '/interaction' },
      findAccount: (_context: Context, id: string) => {
        const person = people.get(id);
        return { accountId: id, claims: () => ({ sub: id, preferred_username: person?.username, groups: person?.groups }) };
      },
      // Whoever signs in agrees.
      loadExistingGrant: async ({ oidc: { client, session } }: Context) => {
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid profile groups');
        await grant.save();
        return grant;
      },
    });
    const answer = provider.callback();
    this.#listener = (request, response) => {
      if (request.url?.startsWith('/interaction') !== true) {
        answer(request, response);
        return;
      }
      people.set(this.person.sub, this.person);
      provider.interactionFinished(request, response, { login: { accountId: this.person.sub } }).catch(() => response.destroy());
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
