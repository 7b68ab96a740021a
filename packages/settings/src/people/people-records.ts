/** What somebody may do: look; change and try; also decide who may enter. */
export const PERSON_ROLES = ['viewer', 'operator', 'admin'] as const;

/** See {@link PERSON_ROLES}. */
export type PersonRole = (typeof PERSON_ROLES)[number];

/** An account. Times are milliseconds since the epoch. */
export interface AccountRecord {
  readonly id: string;
  /** As it was chosen. Names are told apart without regard to case. */
  readonly name: string;
  readonly role: PersonRole;
  /** What the caller made of the password; `null` while there is none. Never to be shown. */
  readonly passwordHash: string | null;
  /** Who it is for the OpenID Connect provider. */
  readonly openIdSubject: string | null;
  readonly isDisabled: boolean;
  readonly createdAtMs: number;
  readonly lastSignInAtMs: number | null;
}

/** A session of somebody who signed in. */
export interface SessionRow {
  /** SHA-256 of its secret, in hexadecimal digits. */
  readonly digest: string;
  readonly accountId: string;
  /** SHA-256 of the token that changes carry. */
  readonly csrfDigest: string;
  readonly createdAtMs: number;
  /** When it ends, whatever happens. */
  readonly endsAtMs: number;
  /** When it ends if it is not used. */
  readonly idleEndsAtMs: number;
}

/** An API token, without its digest. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: PersonRole;
  /** Name of who made it. */
  readonly createdBy: string;
  readonly createdAtMs: number;
  /** `null`: never. */
  readonly endsAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

/** The first account. */
export interface NewFirstAccount {
  /** Up to 128 characters. */
  readonly name: string;
  readonly passwordHash: string;
}

/** Another account. */
export interface NewAccount {
  /** Up to 128 characters. */
  readonly name: string;
  readonly role: PersonRole;
  readonly openIdSubject?: string | null;
  readonly passwordHash?: string | null;
}

/** What is to be different of an account. What is absent stays as it is. */
export interface AccountChange {
  readonly role?: PersonRole;
  readonly isDisabled?: boolean;
  /** `null`: the password is worth nothing from now on. */
  readonly passwordHash?: string | null;
  readonly lastSignInAtMs?: number;
}

/** A link by which an account gets a password, once. */
export interface NewInvitation {
  /** SHA-256 of its secret, in hexadecimal digits. */
  readonly digest: string;
  readonly accountId: string;
  readonly endsAtMs: number;
}

/** A token for scripts. */
export interface NewToken {
  /** Chosen by the caller: up to 64 letters, digits and signs. */
  readonly id: string;
  /** SHA-256 of the token, in hexadecimal digits. */
  readonly digest: string;
  readonly name: string;
  readonly role: PersonRole;
  readonly createdBy: string;
  readonly endsAtMs: number | null;
}

/** The time that failures are counted in. */
export interface FailureWindow {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly windowMs: number;
}
