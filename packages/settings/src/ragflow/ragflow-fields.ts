import type { JsonValue } from '@sandport/core';

/** What becomes of one field of RAGFlow's configuration. */
export type FieldRule =
  | {
      /** Name of the field in our configuration. */
      readonly to: string;
      readonly secret?: boolean;
      /** The value as we keep it, or `undefined` when it is nothing that RAGFlow's own form would take. */
      readonly convert: (value: JsonValue) => JsonValue | undefined;
    }
  | {
      /** Why it is left behind. */
      readonly dropped: string;
      readonly advice: string;
    };

/** What becomes of the row of one of RAGFlow's providers. */
export type ProviderRule =
  | { readonly to: string; readonly fields: Readonly<Record<string, FieldRule>> }
  | { readonly dropped: string; readonly advice: string };

const text = (value: JsonValue): JsonValue | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

/** RAGFlow's validation lets texts of digits pass where its form has numbers. */
const seconds = (value: JsonValue): JsonValue | undefined => {
  const number = typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? Math.round(number * 1000) : undefined;
};

/** Facts of how RAGFlow's own executor was installed: its form shows them, and nothing reads them from the row. */
const ofDeployment: FieldRule = {
  dropped: 'describes how the executor was installed, and is read from nowhere',
  advice: 'Set it where the executor is started.',
};

const unused: FieldRule = { dropped: 'was never used', advice: 'Nothing has to be done.' };

/** Every row that RAGFlow knows, with the names of its fields as RAGFlow stores them. */
export const RAGFLOW_PROVIDERS: Readonly<Record<string, ProviderRule>> = {
  self_managed: {
    to: 'self_managed',
    fields: {
      endpoint: { to: 'endpoint', convert: text },
      timeout: { to: 'timeoutMs', convert: seconds },
      max_retries: unused,
      pool_size: ofDeployment,
      executor_manager_image: ofDeployment,
      executor_manager_pool_size: ofDeployment,
      executor_manager_port: ofDeployment,
      base_python_image: ofDeployment,
      base_nodejs_image: ofDeployment,
      enable_seccomp: ofDeployment,
      max_memory: ofDeployment,
      sandbox_timeout: ofDeployment,
    },
  },
  aliyun_codeinterpreter: {
    to: 'aliyun_codeinterpreter',
    fields: {
      access_key_id: { to: 'accessKeyId', convert: text },
      access_key_secret: { to: 'accessKeySecret', secret: true, convert: text },
      account_id: { to: 'accountId', convert: (value) => (typeof value === 'number' ? String(value) : text(value)) },
      region: { to: 'region', convert: text },
      template_name: { to: 'templateName', convert: text },
      timeout: { to: 'timeoutMs', convert: seconds },
    },
  },
  e2b: {
    to: 'e2b',
    fields: {
      api_key: { to: 'apiKey', secret: true, convert: text },
      region: {
        dropped: 'was read by nothing, and E2B itself has no regions',
        advice: 'Choose a service that has some with: sandport configure e2b',
      },
      timeout: { to: 'timeoutMs', convert: seconds },
    },
  },
  local: {
    dropped: 'runs programs on the server itself, without isolation',
    advice: 'Choose "wasm", which needs nothing to be installed either: sandport config use wasm',
  },
  ssh: {
    dropped: 'runs programs on another host, without isolation',
    advice: 'Choose "docker" with the engine of that host as its dockerHost.',
  },
  tenki: { dropped: 'is a service that no provider here speaks to', advice: 'Choose another provider with: sandport config use PROVIDER' },
  ucloud_agent_sandbox: {
    dropped: 'speaks the protocol of E2B under an address of its own',
    advice: 'Set it up with its domain and key: sandport configure e2b --service custom',
  },
};
