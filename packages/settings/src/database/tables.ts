/** What every dialect gives for the columns below: texts as strings, numbers as JavaScript numbers (none exceeds 2^53). */

/** RAGFlow's table, in its shape. A table that RAGFlow made may have more columns, which are left alone. */
export interface SystemSettingsTable {
  name: string;
  source: string;
  data_type: string;
  value: string;
}

/** One row: what the numbers of versions and audit entries have come to. Changing it is how writers wait for each other. */
export interface StateTable {
  /** Always 1. */
  id: number;
  /** The version whose rows are in `system_settings`; `null` before the first. */
  active_version: number | null;
  last_version: number;
  last_audit: number;
}

/** Every recorded version. */
export interface VersionsTable {
  number: number;
  /** The version that its author looked at; `null` when there was none. */
  parent: number | null;
  /** `draft`, `active`, `superseded` or `discarded`. */
  state: string;
  author: string;
  reason: string;
  created_at_ms: number;
  activated_at_ms: number | null;
  /** JSON: exact names of rows and their texts, with secrets sealed. */
  document: string;
}

/** Who did what and when, without secrets. Rows are added and never changed. */
export interface AuditTable {
  sequence: number;
  at_ms: number;
  actor: string;
  action: string;
  version: number | null;
  /** JSON. */
  summary: string;
}

/** Every passport that was made. */
export interface PassportsTable {
  provider_id: string;
  config_digest: string;
  made_at_ms: number;
  /** JSON: a `Passport` of core. */
  document: string;
}

/** See `IdempotencyStore` of core. */
export interface IdempotencyTable {
  key_digest: string;
  request_digest: string;
  state: string;
  owner: string;
  beat: number;
  expires_at_ms: number;
  outcome: string | null;
}

/** See `SessionStore` of core. */
export interface SessionsTable {
  key_digest: string;
  revision: number;
  provider_id: string;
  config_digest: string;
  sandbox_id: string;
  language: string;
  expires_at_ms: number;
}

/** Who may enter the admin app. See `PeopleStore`. */
export interface AccountsTable {
  id: string;
  name: string;
  /** The name without what people take for the same; unique. */
  name_key: string;
  role: string;
  password_hash: string | null;
  openid_subject: string | null;
  /** 0 or 1. */
  is_disabled: number;
  created_at_ms: number;
  last_sign_in_at_ms: number | null;
}

/** Who is signed in. */
export interface AccountSessionsTable {
  digest: string;
  account_id: string;
  csrf_digest: string;
  created_at_ms: number;
  ends_at_ms: number;
  idle_ends_at_ms: number;
}

/** Links by which an account gets a password. */
export interface InvitationsTable {
  account_id: string;
  digest: string;
  ends_at_ms: number;
}

/** What scripts sign in with. */
export interface TokensTable {
  id: string;
  digest: string;
  name: string;
  role: string;
  created_by: string;
  created_at_ms: number;
  ends_at_ms: number | null;
  last_used_at_ms: number | null;
}

/** How often somebody failed to sign in, by what the caller counts. */
export interface SignInFailuresTable {
  key_digest: string;
  failures: number;
  began_at_ms: number;
  ends_at_ms: number;
}

/** What clients have counted of their calls. See `UsageStore` of core. */
export interface UsageTable {
  minute_ms: number;
  provider_id: string;
  client_id: string;
  /** By the clock of the database. */
  reported_at_ms: number;
  calls: number;
  /** JSON: results by status, errors by code, latencies, the pool. */
  counts: string;
}

/** The minutes of an hour, added up by client and provider, so that a week can be read without every minute of it. */
export interface UsageHoursTable {
  hour_ms: number;
  provider_id: string;
  client_id: string;
  /** As in {@link UsageTable}. */
  counts: string;
}

/** Every table, by its name. */
export interface Tables {
  system_settings: SystemSettingsTable;
  sandport_state: StateTable;
  sandport_versions: VersionsTable;
  sandport_audit: AuditTable;
  sandport_passports: PassportsTable;
  sandport_idempotency: IdempotencyTable;
  sandport_sessions: SessionsTable;
  sandport_accounts: AccountsTable;
  sandport_account_sessions: AccountSessionsTable;
  sandport_invitations: InvitationsTable;
  sandport_tokens: TokensTable;
  sandport_sign_in_failures: SignInFailuresTable;
  sandport_usage: UsageTable;
  sandport_usage_hours: UsageHoursTable;
}
