import { z } from 'zod';
import { ROLES } from './routes.ts';

const role = z.enum(ROLES);

/** Name of a local account: as it is typed at sign-in, compared without regard to case. */
export const accountNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'must not have invisible characters');

/** A new password. Long rather than strange: there is no rule of characters. */
export const passwordSchema = z.string().min(12).max(256);

/** A password that is shown to sign in: whatever it is, it is compared. */
const shownPassword = z.string().min(1).max(1024);

/** An account, as it may be shown. */
export const accountSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role,
  isDisabled: z.boolean(),
  /** How it signs in: with a password, by OpenID Connect, or not yet, since its invitation waits. */
  signsInBy: z.enum(['password', 'openid', 'invitation']),
  createdAtMs: z.int(),
  lastSignInAtMs: z.int().nullable(),
});

/** See {@link accountSchema}. */
export type Account = z.output<typeof accountSchema>;

/** Who calls, and how to sign in. */
export const sessionAnswerSchema = z.strictObject({
  account: accountSchema.pick({ id: true, name: true, role: true, signsInBy: true }).nullable(),
  /** For the header of changes; `null` without a session. */
  csrfToken: z.string().nullable(),
  /** When the session ends for lack of use; `null` without a session. */
  endsAtMs: z.int().nullable(),
  /** Whether the first account is still to be made, with the link that was printed. */
  needsFirstAccount: z.boolean(),
  /** Name of the OpenID Connect provider on the button; `null` where there is none. */
  openIdName: z.string().nullable(),
  version: z.string(),
});

/** See {@link sessionAnswerSchema}. */
export type SessionAnswer = z.output<typeof sessionAnswerSchema>;

export const signInBodySchema = z.strictObject({ name: z.string().min(1).max(128), password: shownPassword });

export const firstAccountBodySchema = z.strictObject({
  /** The secret of the printed link. */
  secret: z.string().min(1).max(256),
  name: accountNameSchema,
  password: passwordSchema,
});

export const redeemInvitationBodySchema = z.strictObject({ secret: z.string().min(1).max(256), password: passwordSchema });

export const changePasswordBodySchema = z.strictObject({ current: shownPassword, next: passwordSchema });

export const inviteAccountBodySchema = z.strictObject({ name: accountNameSchema, role });

/** An invitation, or a new one for an account that lost its password: shown once. */
export const invitationAnswerSchema = z.strictObject({ account: accountSchema, link: z.string(), endsAtMs: z.int() });

export const changeAccountBodySchema = z
  .strictObject({
    role: role.optional(),
    isDisabled: z.boolean().optional(),
    /** Ends every session of the account, makes its password useless and gives a link for a new one. */
    resetPassword: z.literal(true).optional(),
  })
  .refine((body) => Object.values(body).some((part) => part !== undefined), 'says nothing');

export const changeAccountAnswerSchema = z.strictObject({
  account: accountSchema,
  /** With `resetPassword`. */
  invitation: z.strictObject({ link: z.string(), endsAtMs: z.int() }).optional(),
});

/** An API token, as it may be shown. */
export const tokenSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role,
  createdBy: z.string(),
  createdAtMs: z.int(),
  /** `null`: never. */
  endsAtMs: z.int().nullable(),
  lastUsedAtMs: z.int().nullable(),
});

/** See {@link tokenSchema}. */
export type Token = z.output<typeof tokenSchema>;

export const createTokenBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(128),
  role,
  lifetimeDays: z.int().min(1).max(3650).nullable(),
});

/** The token itself is shown once. */
export const createTokenAnswerSchema = z.strictObject({ token: tokenSchema, secret: z.string() });
