// @ts-check
/** What docs/errors.md says of each code beside its facts. A code that is missing here does not compile. */

/** @import { SandboxErrorCode } from '../../packages/core/dist/index.js' */

/**
 * @typedef {object} ErrorAdvice
 * @property {string} cause What usually leads to it.
 * @property {'caller' | 'operator' | 'far side' | 'Sandport'} mendedBy Whose change helps: the program that calls, whoever owns the configuration, whoever runs the engine or the service, or us.
 * @property {string} advice What to do, beside what `error.suggestion` says of the very case.
 */

/** @type {Readonly<Record<SandboxErrorCode, ErrorAdvice>>} */
export const ERROR_ADVICE = {
  REQUEST_INVALID: {
    cause: 'A field is missing, of another type, out of its range, or unknown. Nothing was created or run.',
    mendedBy: 'caller',
    advice: 'Correct the field that the message and `details.field` name. The same request will be refused again.',
  },
  LANGUAGE_UNSUPPORTED: {
    cause: 'The language is none of the contract, or the provider in use has no runtime for it.',
    mendedBy: 'caller',
    advice:
      'Use `python` or `javascript`. What a provider runs is in its `capabilities.languages`; the agent package tells a model no other.',
  },
  CAPABILITY_UNSUPPORTED: {
    cause: 'The call asks for files, contexts, input, a network, a lifetime, or a limit that the provider in use declares not to have.',
    mendedBy: 'caller',
    advice: 'Look at `provider.capabilities` before asking, leave the wish out, or let the operator choose a provider that can.',
  },
  FILE_NOT_FOUND: {
    cause: 'Nothing was written at this path, the program removed it, or it is a folder or a link.',
    mendedBy: 'caller',
    advice: 'Paths are relative to the work folder. A sandbox that ended took its files along.',
  },
  SANDBOX_CLOSED: {
    cause:
      'The sandbox took its one program, its idle time or lifetime passed, somebody else connected to it, or the client or provider was closed.',
    mendedBy: 'caller',
    advice: 'Make another sandbox. Its files are gone; a session of the client makes another by itself, and its `generation` grows.',
  },
  SANDBOX_NOT_FOUND: {
    cause: 'The id is of a sandbox that ended, of another tenant, or of another provider.',
    mendedBy: 'caller',
    advice: 'Make another sandbox, and raise `idleTimeoutMs` or `lifetimeMs` if it ended too soon.',
  },
  CONTEXT_CLOSED: {
    cause: 'The interpreter ended: a cell hit its time limit, ran out of memory or ended the process; or the context was closed.',
    mendedBy: 'caller',
    advice: 'Make another context in the same sandbox and load what you need from its files.',
  },
  CONFIG_MISSING: {
    cause: 'A fresh database, another database than the one that was configured, or a provider without a row.',
    mendedBy: 'operator',
    advice: '`sandport config get` shows what is stored where; `sandport config use PROVIDER` stores the first.',
  },
  CONFIG_INVALID: {
    cause: 'A row was written by hand or by another program, or an option where a client, a provider or a service is created is wrong.',
    mendedBy: 'operator',
    advice: 'Correct the field that the message names: `sandport config set PROVIDER KEY=VALUE`. `sandport doctor` lists every one.',
  },
  CONFIG_CONFLICT: {
    cause: 'Two people, or a person and a script, changed the configuration from the same version on.',
    mendedBy: 'operator',
    advice: 'Look at what the other changed with `sandport config diff`, and make the change anew.',
  },
  SECRET_UNREADABLE: {
    cause: 'The program has no master key or another one than the row was sealed with, or the sealed text was moved or damaged.',
    mendedBy: 'operator',
    advice: 'Give the program the key that the message names, as the current one or among the former ones, or store the secret anew.',
  },
  SETTINGS_UNAVAILABLE: {
    cause: 'The database is down, overloaded, locked, or its address or credentials are wrong.',
    mendedBy: 'operator',
    advice:
      'Retry with a pause. A client that has read its configuration once goes on with it for a while; `sandport doctor` shows whether the database answers.',
  },
  SETTINGS_SCHEMA_MISMATCH: {
    cause: 'Sandport was updated and the tables were not, or the tables are those of a newer version.',
    mendedBy: 'operator',
    advice: 'Run `sandport settings migrate`, or update the program that is behind.',
  },
  POLICY_VIOLATED: {
    cause: 'The request asks for more than the policy or the token allows, or the configuration has no passport that the policy accepts.',
    mendedBy: 'operator',
    advice: 'Ask for less. If the policy is right and the proof is missing: `sandport config test PROVIDER`.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    cause: 'A key was used again with another program, other arguments or other limits.',
    mendedBy: 'caller',
    advice: 'Use a new key for each request, and the same key for retries of that request alone.',
  },
  IDEMPOTENT_CALL_LOST: {
    cause: 'The process that made the first call died, and its program may have run.',
    mendedBy: 'caller',
    advice: 'Look at what the program should have done, and decide. A new key runs it again.',
  },
  PROVIDER_UNKNOWN: {
    cause: 'The configuration names a provider that was not handed to this client or is not in this build.',
    mendedBy: 'operator',
    advice: 'Add the provider where the client is created, or choose another with `sandport config use`.',
  },
  PROVIDER_UNAVAILABLE: {
    cause: 'The engine, executor or service is down or restarting, its address is wrong, or the connection broke.',
    mendedBy: 'far side',
    advice:
      'Retry with a pause, unless the program may have started. `sandport doctor` asks the far side and says what it met. A stored fall-back takes over by itself.',
  },
  RUNTIME_MISSING: {
    cause:
      'The images were not built or are of another version, `runsc` is not installed in the engine, or a template does not exist in the account.',
    mendedBy: 'operator',
    advice: '`sandport images build` makes the images; `sandport doctor` names what is missing.',
  },
  ISOLATION_MISMATCH: {
    cause: 'The sandbox measured another kernel than the configuration demands, for example runc in place of gVisor.',
    mendedBy: 'operator',
    advice: 'Mend the engine rather than the demand: `sandport doctor` says what was measured. Nothing was run.',
  },
  AUTHENTICATION_FAILED: {
    cause: 'A key, token or certificate is wrong, expired, revoked, of another account or region, or the clock of this machine is off.',
    mendedBy: 'operator',
    advice:
      'Store the credential anew (`sandport configure e2b`, or `sandport config set` with `--secret`), and test it with `sandport doctor --provider PROVIDER`.',
  },
  CAPACITY_EXHAUSTED: {
    cause: 'All places are taken and the queue is full or too slow.',
    mendedBy: 'operator',
    advice: 'Wait `retryAfterMs` and call again, spread the calls, or raise the provider’s maximum, if the machine has the memory for it.',
  },
  RATE_LIMITED: {
    cause: 'More calls in a time than the service allows.',
    mendedBy: 'caller',
    advice: 'Wait `retryAfterMs` and call again; keep a sandbox for several programs instead of making one for each.',
  },
  QUOTA_EXCEEDED: {
    cause: 'The account has used its sandboxes, its credit or its plan.',
    mendedBy: 'operator',
    advice: 'End sandboxes that nobody needs (`sandport doctor --clean`), or raise the allowance with the vendor.',
  },
  RESPONSE_INVALID: {
    cause: 'Another version, a proxy that answers in place of the service, or a service that is broken or hostile.',
    mendedBy: 'far side',
    advice: 'Check the address and what stands between. The answer is in no log; the cause names the rule that it breaks.',
  },
  DEADLINE_EXCEEDED: {
    cause: 'The far side or the network is slow or hangs. This is not a program that took too long: that is a result, `timed-out`.',
    mendedBy: 'far side',
    advice: 'Retry with a pause, unless the program may have started; look at the health of the far side.',
  },
  CANCELLED: {
    cause: 'The `signal` of the call fired before there was a program to end.',
    mendedBy: 'caller',
    advice: 'Nothing was run. A call that is withdrawn while its program runs has the result `cancelled` instead.',
  },
  INTERNAL: {
    cause: 'Something that was held to be impossible.',
    mendedBy: 'Sandport',
    advice: 'Report it with its message and its cause. `--debug` shows the stack of a command.',
  },
};
