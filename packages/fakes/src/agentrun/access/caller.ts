import type { FakeAccessKey, FakeRequestRecord } from '../fake-agent-run.ts';
import { gatewayError, type ServiceError } from '../service-error.ts';

/** Who calls, and how he proved it. */
export interface Caller {
  readonly authentication: NonNullable<FakeRequestRecord['authentication']>;
  readonly accountId: string;
  /** Of a signed request. */
  readonly key?: FakeAccessKey;
  /** Of a request with an API key: the credential that it belongs to. */
  readonly credentialName?: string;
  /** Of a request with an access token: what it is for. */
  readonly resource?: TokenResource;
}

/** What an access token is for. */
export interface TokenResource {
  readonly type: 'template' | 'sandbox';
  readonly name: string;
}

/** The caller, or why he is not believed. */
export type Authentication = { readonly caller: Caller } | { readonly refusal: ServiceError };

/** The refusal of an account whose key lacks an action, as the control plane's gateway writes it. */
export function forbiddenAction(action: string, accountId: string): ServiceError {
  return gatewayError(
    403,
    'Forbidden.RAM',
    `User not authorized to operate on the specified resource, or this API doesn't support RAM: ${action}.`,
    {
      AccessDeniedDetail: { AuthAction: action, AuthPrincipalOwnerId: accountId, NoPermissionType: 'ImplicitDeny' },
    },
  );
}
