import { z } from 'zod';
import { executionEventSchema } from '@sandport/executor-api';
import * as comparisons from './comparisons.ts';
import * as configurations from './configurations.ts';
import * as people from './people.ts';
import { playgroundBodySchema } from './playground.ts';
import * as predecessor from './predecessor.ts';
import type { RouteName } from './routes.ts';
import * as trials from './trials.ts';
import { usageAnswerSchema, usageQuerySchema } from './usage.ts';

/** What goes into a route and comes out of it. */
export interface Endpoint {
  /** What it does, one sentence. */
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The document that is answered. Absent: nothing is, with status 204. */
  readonly answer?: z.ZodType;
  /** Each line of an answer that is followed. */
  readonly event?: z.ZodType;
  /** @default 200, or 204 without an answer */
  readonly status?: 201 | 302;
}

/** What goes into each route and comes out of it. */
export const ENDPOINTS = {
  readSession: { summary: 'Tells who calls, and how to sign in.', answer: people.sessionAnswerSchema },
  signIn: { summary: 'Begins a session.', body: people.signInBodySchema, answer: people.sessionAnswerSchema },
  signOut: { summary: 'Ends the session.' },
  createFirstAccount: {
    summary: 'Makes the first account, with the secret of the link that was printed, and begins a session.',
    body: people.firstAccountBodySchema,
    answer: people.sessionAnswerSchema,
  },
  redeemInvitation: {
    summary: 'Sets the password of an invited account, and begins a session.',
    body: people.redeemInvitationBodySchema,
    answer: people.sessionAnswerSchema,
  },
  beginOpenIdSignIn: { summary: 'Leads to the OpenID Connect provider.', status: 302 },
  finishOpenIdSignIn: { summary: 'Where the OpenID Connect provider leads back to.', query: z.record(z.string(), z.string()), status: 302 },
  changePassword: { summary: 'Changes the password, and ends all other sessions.', body: people.changePasswordBodySchema },

  listAccounts: { summary: 'Lists accounts.', answer: z.strictObject({ accounts: z.array(people.accountSchema) }) },
  inviteAccount: {
    summary: 'Makes an account, with a link by which its owner sets the password.',
    body: people.inviteAccountBodySchema,
    answer: people.invitationAnswerSchema,
    status: 201,
  },
  changeAccount: {
    summary: 'Changes the role of an account, disables it, or has it set a new password.',
    body: people.changeAccountBodySchema,
    answer: people.changeAccountAnswerSchema,
  },
  removeAccount: { summary: 'Removes an account with its sessions.' },
  listTokens: { summary: 'Lists API tokens.', answer: z.strictObject({ tokens: z.array(people.tokenSchema) }) },
  createToken: {
    summary: 'Makes an API token, which is shown once.',
    body: people.createTokenBodySchema,
    answer: people.createTokenAnswerSchema,
    status: 201,
  },
  revokeToken: { summary: 'Ends an API token.' },

  listProviders: {
    summary: 'Lists the providers, as the predecessor did.',
    answer: predecessor.envelopeSchema(z.array(predecessor.listedProviderSchema)),
  },
  readProviderSchema: {
    summary: 'Describes the fields of a provider, as the predecessor did.',
    answer: predecessor.envelopeSchema(z.record(z.string(), predecessor.listedFieldSchema)),
  },
  readConfig: {
    summary: 'The active provider and its configuration without secrets, as the predecessor did.',
    answer: predecessor.envelopeSchema(predecessor.shownConfigSchema),
  },
  writeConfig: {
    summary: 'Stores a configuration and uses it at once, as the predecessor did: as a version, in one transaction.',
    body: predecessor.writeConfigBodySchema,
    answer: predecessor.envelopeSchema(predecessor.shownConfigSchema),
  },
  testConfig: {
    summary: 'Runs a program in each language with a configuration that is not stored, as the predecessor did.',
    body: predecessor.testConfigBodySchema,
    answer: predecessor.envelopeSchema(predecessor.testedConfigSchema),
  },

  readInstallation: { summary: 'What is in use, and what could be.', answer: configurations.installationSchema },
  describeProvider: {
    summary: 'The fields of a provider, and what a version has stored of them.',
    query: configurations.describeProviderQuerySchema,
    answer: configurations.providerDescriptionSchema,
  },
  listVersions: {
    summary: 'Versions, the newest first.',
    query: configurations.pageQuerySchema,
    answer: configurations.versionListSchema,
  },
  readVersion: { summary: 'A version, without secrets.', answer: configurations.versionViewSchema },
  compareVersions: {
    summary: 'What changed from one version to another.',
    query: configurations.compareVersionsQuerySchema,
    answer: configurations.differencesAnswerSchema,
  },
  foreseeActivation: { summary: 'What would happen if a version came into use now.', answer: configurations.consequencesSchema },
  createDraft: {
    summary: 'Writes down what a change makes of the rows in use, without using it.',
    body: configurations.createDraftBodySchema,
    answer: configurations.draftAnswerSchema,
    status: 201,
  },
  discardDraft: { summary: 'Gives a draft up. It stays in the history.', body: configurations.discardDraftBodySchema },
  activateVersion: {
    summary: 'Makes a draft the version in use.',
    body: configurations.activateBodySchema,
    answer: configurations.activationAnswerSchema,
  },
  rollBack: {
    summary: 'Makes a new version with the rows of a former one, and uses it.',
    body: configurations.rollBackBodySchema,
    answer: configurations.activationAnswerSchema,
  },
  setPolicyAside: {
    summary: 'Uses a version although the policy speaks against it. The history keeps why.',
    body: configurations.overrideBodySchema,
    answer: configurations.activationAnswerSchema,
  },
  tryConfiguration: {
    summary: 'Tries a configuration with conformance cases in every language, and keeps what was found as its passport.',
    body: trials.trialBodySchema,
    event: trials.trialEventSchema,
  },
  listTrialCases: { summary: 'Conformance cases that a trial can be made of.', answer: trials.trialCasesAnswerSchema },
  listPassports: {
    summary: 'Passports of a provider, the newest first.',
    query: trials.passportsQuerySchema,
    answer: trials.passportsAnswerSchema,
  },
  listAudit: {
    summary: 'What was done, the newest first.',
    query: configurations.pageQuerySchema,
    answer: configurations.auditAnswerSchema,
  },
  readUsage: {
    summary: 'Calls, latency and pools over time, as the programs that make the calls have reported them.',
    query: usageQuerySchema,
    answer: usageAnswerSchema,
  },
  readHealth: { summary: 'Looks at the providers in use.', answer: trials.healthAnswerSchema },
  executeProgram: { summary: 'Runs a program with a configuration.', body: playgroundBodySchema, event: executionEventSchema },
  listCorpus: { summary: 'The programs that configurations are compared with.', answer: comparisons.corpusAnswerSchema },
  compareConfigurations: {
    summary: 'Runs the corpus with two configurations, and tells in what they differ.',
    body: comparisons.comparisonBodySchema,
    event: comparisons.comparisonEventSchema,
  },
  describeApi: { summary: 'Describes this API as OpenAPI 3.1.', answer: z.looseObject({ openapi: z.string() }) },
} as const satisfies Readonly<Record<RouteName, Endpoint>>;

type Endpoints = typeof ENDPOINTS;

/** What a caller sends to a route. */
export type BodyOf<Name extends RouteName> = Endpoints[Name] extends { readonly body: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined;

/** What a caller asks of a route. */
export type QueryOf<Name extends RouteName> = Endpoints[Name] extends { readonly query: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined;

/** What a route works with of what was sent. */
export type CheckedBodyOf<Name extends RouteName> = Endpoints[Name] extends { readonly body: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** What a route works with of what was asked. */
export type CheckedQueryOf<Name extends RouteName> = Endpoints[Name] extends { readonly query: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** What a caller is answered. */
export type AnswerOf<Name extends RouteName> = Endpoints[Name] extends { readonly answer: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** What a caller reads line by line, as it stands there. */
export type EventOf<Name extends RouteName> = Endpoints[Name] extends { readonly event: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined;
