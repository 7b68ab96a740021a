import type { Tables } from './tables.ts';

/** What must be there for every statement of ours to make sense. */
export const TABLE_COLUMNS = {
  system_settings: ['name', 'source', 'data_type', 'value'],
  sandport_state: ['id', 'active_version', 'last_version', 'last_audit'],
  sandport_versions: ['number', 'parent', 'state', 'author', 'reason', 'created_at_ms', 'activated_at_ms', 'document'],
  sandport_audit: ['sequence', 'at_ms', 'actor', 'action', 'version', 'summary'],
  sandport_passports: ['provider_id', 'config_digest', 'made_at_ms', 'document'],
  sandport_idempotency: ['key_digest', 'request_digest', 'state', 'owner', 'beat', 'expires_at_ms', 'outcome'],
  sandport_sessions: ['key_digest', 'revision', 'provider_id', 'config_digest', 'sandbox_id', 'language', 'expires_at_ms'],
  sandport_accounts: [
    'id',
    'name',
    'name_key',
    'role',
    'password_hash',
    'openid_subject',
    'is_disabled',
    'created_at_ms',
    'last_sign_in_at_ms',
  ],
  sandport_account_sessions: ['digest', 'account_id', 'csrf_digest', 'created_at_ms', 'ends_at_ms', 'idle_ends_at_ms'],
  sandport_invitations: ['account_id', 'digest', 'ends_at_ms'],
  sandport_tokens: ['id', 'digest', 'name', 'role', 'created_by', 'created_at_ms', 'ends_at_ms', 'last_used_at_ms'],
  sandport_sign_in_failures: ['key_digest', 'failures', 'began_at_ms', 'ends_at_ms'],
  sandport_usage: ['minute_ms', 'provider_id', 'client_id', 'reported_at_ms', 'calls', 'counts'],
  sandport_usage_hours: ['hour_ms', 'provider_id', 'client_id', 'counts'],
} satisfies { readonly [Table in keyof Tables]: readonly (keyof Tables[Table])[] };
