import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { ProviderTerms } from '@sandport/provider-kit';
import { AgentRunFailure, type AgentRunFailureFacts } from './http/agentrun-failure.ts';

/** The provider's id, as stored. */
export const PROVIDER_ID = 'aliyun_codeinterpreter';

/** How this provider speaks of what its programs run in. */
export const ALIYUN_TERMS = new ProviderTerms({
  providerId: PROVIDER_ID,
  instance: 'sandbox of AgentRun',
  instances: 'sandboxes of AgentRun',
  capacityField: 'maxSandboxes',
  advice: {
    lost: 'Look at the sandbox in the AgentRun console, and run "sandport doctor".',
    protocol: 'Run "sandport doctor"; if it happens again, the program attacked what watches it, or the service changed.',
    slow: 'Look at the load of the sandbox, and at the way to the region.',
    broken: 'Run "sandport doctor"; the cause holds the failure.',
  },
});

/** A SandboxError of this provider. */
export function aliyunError(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
  return ALIYUN_TERMS.error(code, operation, message, options);
}

/** What stands in `details.reason` of errors and decides the remedy. */
export type FailureReason =
  | 'unknown-key'
  | 'wrong-secret'
  | 'token-expired'
  | 'clock-skew'
  | 'no-permission'
  | 'data-refused'
  | 'service-linked-role'
  | 'not-found'
  | 'exists-already'
  | 'throttled'
  | 'quota'
  | 'unknown-region'
  | 'unreachable'
  | 'unreadable'
  | 'in-band-failure'
  | 'refused'
  | 'failed';

/** How far clocks may be apart: general of Alibaba Cloud's gateways; AgentRun's own window is not published. */
const CLOCK_WINDOW_MS = 15 * 60_000;

interface Finding {
  readonly code: SandboxErrorCode;
  readonly message: string;
  readonly suggestion: string;
}

const findings: { readonly [Reason in FailureReason]: (facts: AgentRunFailureFacts) => Finding } = {
  'unknown-key': () => ({
    code: 'AUTHENTICATION_FAILED',
    message: 'Alibaba Cloud does not know this access key.',
    suggestion: 'Check "accessKeyId": the key may have been deleted, disabled, or belong to another site of the cloud.',
  }),
  'wrong-secret': () => ({
    code: 'AUTHENTICATION_FAILED',
    message: 'Alibaba Cloud refused the signature: the secret does not belong to the access key.',
    suggestion: 'Store "accessKeySecret" again, together with its key.',
  }),
  'token-expired': () => ({
    code: 'AUTHENTICATION_FAILED',
    message: 'The security token has expired, or does not belong to the access key.',
    suggestion: 'Store a new temporary key with its token, or choose "default-chain" as "credentialSource", which renews it.',
  }),
  'clock-skew': () => ({
    code: 'AUTHENTICATION_FAILED',
    message: "The clock of this machine is too far from the service's.",
    suggestion: 'Set the clock of this machine, for example by switching NTP on.',
  }),
  'no-permission': ({ action, plane }) => ({
    code: 'AUTHENTICATION_FAILED',
    message: `The access key lacks the permission ${ramActionOf(plane, action)}.`,
    suggestion: `Give its RAM user the action ${ramActionOf(plane, action)}: docs/providers/aliyun.md has the whole policy.`,
  }),
  'data-refused': () => ({
    code: 'AUTHENTICATION_FAILED',
    message:
      'The data plane refused the access key: it lacks the permission agentrun:InvokeSandbox, or the account, the region or the clock is not right.',
    suggestion: 'Run "sandport doctor", which tells these apart; docs/providers/aliyun.md has the whole policy.',
  }),
  'service-linked-role': () => ({
    code: 'AUTHENTICATION_FAILED',
    message: 'The account lacks the role AliyunServiceRoleForAgentRun, without which the service creates nothing.',
    suggestion: 'Open the AgentRun console once as an administrator of the account; it creates the role.',
  }),
  'not-found': ({ action }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `AgentRun does not know what ${action} is about.`,
    suggestion: 'It may have ended meanwhile; call again.',
  }),
  'exists-already': ({ action }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `What ${action} should make exists already.`,
    suggestion: 'Call again.',
  }),
  throttled: () => ({
    code: 'RATE_LIMITED',
    message: 'AgentRun asks for fewer calls.',
    suggestion: 'Call again later; lower "maxSandboxes", or ask for a higher rate in the Quota Center.',
  }),
  quota: () => ({
    code: 'QUOTA_EXCEEDED',
    message: 'An allowance of the account is used up.',
    suggestion:
      'Run "sandport doctor --clean", lower "maxSandboxes", or ask for more in the Quota Center (100 instances in a region by default).',
  }),
  'unknown-region': () => ({
    code: 'CONFIG_INVALID',
    message: 'The region is none that AgentRun is known to have, and its address does not exist.',
    suggestion: 'Choose one of cn-hangzhou, cn-shanghai, cn-beijing, cn-shenzhen, ap-southeast-1 as "region", or store both endpoints.',
  }),
  unreachable: ({ code }) => ({
    code: code === 'DEADLINE_EXCEEDED' ? 'DEADLINE_EXCEEDED' : 'PROVIDER_UNAVAILABLE',
    message: `AgentRun cannot be reached${code === undefined ? '' : ` (${code})`}.`,
    suggestion: 'Check "region", the endpoints, and the way from this machine to them.',
  }),
  unreadable: ({ action, status }) => ({
    // The package of the control plane loses the status of what is no JSON, which is mostly a gateway's page for a failure.
    code: status === undefined || status >= 500 ? 'PROVIDER_UNAVAILABLE' : 'RESPONSE_INVALID',
    message: `AgentRun answered ${action} with something that its protocol does not allow.`,
    suggestion: 'Check the endpoints; if they are right, a gateway on the way or the service itself is disturbed.',
  }),
  'in-band-failure': ({ action }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `AgentRun says that ${action} has failed.`,
    suggestion: 'Call again; the details name the request for the support of Alibaba Cloud.',
  }),
  refused: ({ action, status }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `AgentRun refused ${action}${status === undefined ? '' : ` (HTTP ${status})`}.`,
    suggestion: 'Look at the code in the details, and run "sandport doctor".',
  }),
  failed: ({ action, status }) => ({
    code: 'PROVIDER_UNAVAILABLE',
    message: `AgentRun failed at ${action}${status === undefined ? '' : ` (HTTP ${status})`}.`,
    suggestion: 'Call again later; the details name the request for the support of Alibaba Cloud.',
  }),
};

/** Says in the contract's terms what went wrong between us and the service: by statuses and codes, never by the wording of a message. */
export function toAliyunError(error: unknown, operation: string, knownRegion = true): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (!(error instanceof AgentRunFailure)) {
    // Its cause stays where it is: errors of the vendor's packages quote what was signed.
    const kind = error instanceof Error ? error.name : typeof error;
    return aliyunError('PROVIDER_UNAVAILABLE', operation, `The call to AgentRun broke off (${kind}).`, {
      suggestion: 'Run "sandport doctor".',
    });
  }
  const { facts } = error;
  const reason = reasonOf(facts, knownRegion);
  const { code, message, suggestion } = findings[reason](facts);
  return aliyunError(code, operation, message, {
    suggestion,
    details: {
      reason,
      action: facts.action,
      plane: facts.plane,
      ...(facts.status === undefined ? {} : { httpStatus: facts.status }),
      ...(facts.code === undefined ? {} : { serviceCode: facts.code }),
      ...(facts.requestId === undefined ? {} : { requestId: facts.requestId }),
      ...(reason === 'no-permission' || reason === 'data-refused' ? { ramAction: ramActionOf(facts.plane, facts.action) } : {}),
    },
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    cause: error,
  });
}

/** The reason that a failure of ours was given. */
export function failureReasonOf(error: unknown): string | undefined {
  const reason = SandboxError.isInstance(error) ? error.details?.['reason'] : undefined;
  return typeof reason === 'string' ? reason : undefined;
}

/** Whether the service says that the thing is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof AgentRunFailure && reasonOf(error.facts, true) === 'not-found';
}

/**
 * Codes of Alibaba Cloud's gateways, by their beginnings: https://api.aliyun.com/document/AgentRun and the common error codes of its APIs. `ERR_` codes are AgentRun's own
 * (tests of the official SDKs).
 */
const REASONS_BY_CODE: readonly (readonly [string, FailureReason])[] = [
  ['InvalidAccessKeyId', 'unknown-key'],
  ['SignatureDoesNotMatch', 'wrong-secret'],
  ['IncompleteSignature', 'wrong-secret'],
  ['InvalidSecurityToken', 'token-expired'],
  ['MissingSecurityToken', 'token-expired'],
  ['SecurityTokenExpired', 'token-expired'],
  ['InvalidTimeStamp', 'clock-skew'],
  ['IllegalTimestamp', 'clock-skew'],
  ['RequestTimeTooSkewed', 'clock-skew'],
  ['EntityNotExist.Role', 'service-linked-role'],
  ['NoPermission', 'no-permission'],
  ['Forbidden', 'no-permission'],
  ['ERR_FORBIDDEN', 'no-permission'],
  ['Throttling', 'throttled'],
  ['QuotaExceeded', 'quota'],
  ['ERR_QUOTA', 'quota'],
];

function reasonOf(facts: AgentRunFailureFacts, knownRegion: boolean): FailureReason {
  if (facts.kind === 'unreachable') return facts.code === 'ENOTFOUND' && !knownRegion ? 'unknown-region' : 'unreachable';
  const isRefusal = facts.status === 400 || facts.status === 401 || facts.status === 403;
  if (isRefusal && facts.clockAheadMs !== undefined && Math.abs(facts.clockAheadMs) >= CLOCK_WINDOW_MS) return 'clock-skew';
  // The one code that the data plane has for all of these.
  if (facts.plane === 'data' && facts.status === 403 && (facts.code ?? 'ERR_FORBIDDEN') === 'ERR_FORBIDDEN') return 'data-refused';
  const byCode = REASONS_BY_CODE.find(([beginning]) => facts.code?.startsWith(beginning) === true)?.[1];
  if (byCode !== undefined) return byCode;
  if (facts.kind === 'unreadable') return 'unreadable';
  return reasonByStatus(facts.status);
}

function reasonByStatus(status: number | undefined): FailureReason {
  switch (status) {
    case undefined:
    case 200:
      return 'in-band-failure';
    case 401:
      return 'wrong-secret';
    case 403:
      return 'no-permission';
    case 404:
    case 410:
      return 'not-found';
    case 409:
      return 'exists-already';
    case 429:
      return 'throttled';
    case 507:
      return 'quota';
    default:
      return status < 500 ? 'refused' : 'failed';
  }
}

/** On the data plane one action stands for everything: the documentation of AgentRun's permissions. */
function ramActionOf(plane: AgentRunFailureFacts['plane'], action: string): string {
  return plane === 'data' ? 'agentrun:InvokeSandbox' : `agentrun:${action}`;
}
