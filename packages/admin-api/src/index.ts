export {
  comparedOutcomeSchema,
  comparisonBodySchema,
  comparisonEventSchema,
  corpusAnswerSchema,
  corpusProgramSchema,
  DIFFERENCE_KINDS,
  outcomeDifferenceSchema,
  type ComparedOutcome,
  type ComparisonEvent,
  type CorpusProgram,
  type OutcomeDifference,
} from './comparisons.ts';
export {
  SECRET_STATES,
  type AuditEntry,
  type ConfigField,
  type Consequences,
  type Difference,
  type Finding,
  type Installation,
  type ProviderCard,
  type ProviderDescription,
  type VersionRecord,
  type VersionView,
} from './configurations.ts';
export {
  ENDPOINTS,
  type AnswerOf,
  type BodyOf,
  type CheckedBodyOf,
  type CheckedQueryOf,
  type Endpoint,
  type EventOf,
  type QueryOf,
} from './endpoints.ts';
export { PAGE_FACTS_ID, type PageFacts } from './page-facts.ts';
export { accountNameSchema, passwordSchema, type Account, type SessionAnswer, type Token } from './people.ts';
export type { PlaygroundBody } from './playground.ts';
export {
  API_BASE,
  CSRF_HEADER,
  EVENTS_MEDIA_TYPE,
  PAGE_PATH,
  pathOf,
  ROLES,
  ROUTES,
  type PathParametersOf,
  type Role,
  type Route,
  type RouteAccess,
  type RouteName,
} from './routes.ts';
export type { HealthAnswer, TrialEvent, TrialFinding } from './trials.ts';
export type { UsageAnswer, UsagePoint } from './usage.ts';
