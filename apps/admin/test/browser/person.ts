import {
  CSRF_HEADER,
  pathOf,
  ROUTES,
  type AnswerOf,
  type BodyOf,
  type PathParametersOf,
  type Role,
  type RouteName,
  type SessionAnswer,
} from '@sandport/admin-api';

const ANSWER_TIMEOUT_MS = 60_000;

/** What a call says beside its route. */
export interface Words<Name extends RouteName> {
  readonly parameters?: PathParametersOf<Name>;
  readonly query?: string;
  readonly body?: BodyOf<Name>;
}

/** Somebody with a session, who calls the server without a browser. Tests prepare with it what they do not walk through. */
export class Person {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly address: string;
  /** As it goes into a browser. */
  readonly cookie: { readonly name: string; readonly value: string };
  readonly #csrfToken: string;

  constructor(given: Pick<Person, 'name' | 'password' | 'role' | 'address' | 'cookie'>, csrfToken: string) {
    this.name = given.name;
    this.password = given.password;
    this.role = given.role;
    this.address = given.address;
    this.cookie = given.cookie;
    this.#csrfToken = csrfToken;
  }

  /** Makes the first account with the secret of the printed link. */
  static async first(address: string, secret: string): Promise<Person> {
    const given = { name: 'root', password: PASSWORD, role: 'admin', address } as const;
    const { name, password } = given;
    return enteredBy(await send(address, 'createFirstAccount', { body: { secret, name, password } }), given);
  }

  /** Invites somebody, who sets a password and is in. */
  async invite(role: Role, name: string): Promise<Person> {
    const { link } = await this.call('inviteAccount', { body: { name, role } });
    const secret = new URL(link).hash.slice(1);
    const given = { name, password: PASSWORD, role, address: this.address };
    return enteredBy(await send(this.address, 'redeemInvitation', { body: { secret, password: PASSWORD } }), given);
  }

  /** Makes a change and uses it. */
  async activate(change: BodyOf<'createDraft'>['change'], reason: string): Promise<number> {
    const { version: base } = await this.call('readInstallation');
    const { version } = await this.call('createDraft', { body: { change, reason, base } });
    await this.call('activateVersion', { parameters: { version }, body: { expectedActive: base } });
    return version;
  }

  /** Calls a route. */
  async call<Name extends RouteName>(name: Name, words: Words<Name> = {}): Promise<AnswerOf<Name>> {
    const answer = await send(this.address, name, words, {
      cookie: `${this.cookie.name}=${this.cookie.value}`,
      [CSRF_HEADER]: this.#csrfToken,
    });
    return (answer.status === 204 ? undefined : await answer.json()) as AnswerOf<Name>;
  }
}

/** Everybody's in these tests. */
export const PASSWORD = 'a long enough password';

async function send<Name extends RouteName>(
  address: string,
  name: Name,
  { parameters, query = '', body }: Words<Name>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const path = pathOf(name, parameters ?? ({} as PathParametersOf<Name>));
  const answer = await fetch(`${address}${path}${query}`, {
    method: ROUTES[name].method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${name} was answered with ${answer.status}: ${await answer.text()}`);
  return answer;
}

async function enteredBy(answer: Response, given: Omit<ConstructorParameters<typeof Person>[0], 'cookie'>): Promise<Person> {
  const { csrfToken } = (await answer.json()) as SessionAnswer;
  const [pair = ''] = (answer.headers.getSetCookie().at(-1) ?? '').split(';');
  const at = pair.indexOf('=');
  return new Person({ ...given, cookie: { name: pair.slice(0, at), value: pair.slice(at + 1) } }, csrfToken ?? '');
}
