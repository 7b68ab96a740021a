export type { ConfigurationChange, ProviderChange } from './configurations/configuration-change.ts';
export {
  ConfigurationStore,
  type ActivateOptions,
  type AuthorOptions,
  type ChangeOptions,
  type DiscardOptions,
  type DraftOptions,
  type NewDraftOptions,
  type RollBackOptions,
} from './configurations/configuration-store.ts';
export type { ConfigurationView, ProviderView } from './configurations/configuration-view.ts';
export type { ConfigurationDifference } from './configurations/document-diff.ts';
export type { ConfigurationFinding } from './configurations/document-findings.ts';
export type { ProviderProof } from './configurations/provider-proofs.ts';
export { providersInUse, type ProviderChoice } from './configurations/providers-in-use.ts';
export type { DraftView } from './configurations/read-drafts.ts';
export type { ActiveConfiguration } from './configurations/read-active.ts';
export type { VersionView } from './configurations/read-versions.ts';
export type { RotationReport } from './configurations/rotate-keys.ts';
export type { AuditAction, AuditEntry, PageOptions } from './configurations/rows/audit-rows.ts';
export type { VersionRecord, VersionState } from './configurations/rows/version-rows.ts';
export type { SealingReport } from './configurations/seal-clear-secrets.ts';
export type { SealedRow } from './configurations/seal-rows.ts';
export type { OverrideRequest } from './configurations/version-steps.ts';
export { migrateDown, migrateUp, migrationState, NO_MIGRATION, type MigrationState } from './database/migrations/migrate.ts';
export { openMysqlDatabase, type MysqlDatabaseOptions } from './database/mysql/open-mysql-database.ts';
export { openDatabase, type DatabaseOptions } from './database/open-database.ts';
export { openPostgresDatabase, type PostgresDatabaseOptions } from './database/postgres/open-postgres-database.ts';
export type { ServerAddress, ServerTls } from './database/server/server-address.ts';
export type { ServerDatabaseOptions } from './database/server/server-database.ts';
export type { DatabaseCall, DatabaseKind, SettingsDatabase } from './database/settings-database.ts';
export { openSqliteDatabase, type SqliteDatabaseOptions } from './database/sqlite/open-sqlite-database.ts';
export { createDefaultFolder } from './location/create-default-folder.ts';
export { defaultKeyFile } from './location/default-key-file.ts';
export {
  checkShowsNoPassword,
  locateSettings,
  placeOf,
  settingsFile,
  type LocationContext,
  type SettingsLocation,
  type SettingsPlace,
} from './location/settings-location.ts';
export {
  openMysqlSettings,
  openPostgresSettings,
  openSettings,
  openSqliteSettings,
  type MysqlSettingsOptions,
  type PostgresSettingsOptions,
  type SettingsOptions,
  type SqliteSettingsOptions,
} from './open-settings.ts';
export {
  PERSON_ROLES,
  type AccountChange,
  type AccountRecord,
  type FailureWindow,
  type NewAccount,
  type NewFirstAccount,
  type NewInvitation,
  type NewToken,
  type PersonRole,
  type SessionRow,
  type TokenRecord,
} from './people/people-records.ts';
export type { AccountChangeOptions, Act, ActorOptions, PeopleStore } from './people/people-store.ts';
export { readRagflowRows } from './ragflow/read-ragflow-rows.ts';
export { translateRagflowRows, type LeftOut, type RagflowTranslation, type TranslatedProvider } from './ragflow/translate-ragflow-rows.ts';
export { KeyRing } from './secrets/key-ring.ts';
export { describeKeySource, type KeySourceDescription, type KeySourceOptions } from './secrets/master-key-sources.ts';
export { generateMasterKey, type MasterKey } from './secrets/master-key.ts';
export { addKeyToFile, writeKeyFile } from './secrets/write-key-file.ts';
export type { OpenedConfiguration, StoredSettings, StoredSettingsOptions } from './stored-settings.ts';
