import type { Call } from '../call.ts';
import { serviceError, type ServiceError } from '../service-error.ts';
import type { StoredTemplate } from '../state/template-store.ts';

const forbidden = (message: string): ServiceError => serviceError(403, 'ERR_FORBIDDEN', message);

/** Operations for which an anonymous caller needs the template's leave. */
const managing = new Set<string | undefined>(['CreateSandbox', 'GetSandbox', 'StopSandbox', 'DeleteSandbox']);

/** The template that the body names. */
function namedTemplate(body: unknown): string {
  const { templateName } = (body ?? {}) as { templateName?: unknown };
  return typeof templateName === 'string' ? templateName : '';
}

/** The template of the sandbox that a call is about. */
function templateOf(call: Call): StoredTemplate {
  const { sandboxId } = call.route;
  return sandboxId === undefined
    ? call.state.templates.get(call.caller.accountId, namedTemplate(call.body))
    : call.state.sandboxes.get(call.caller.accountId, sandboxId).plan.template;
}

/** Refuses a caller who is known and may not do this. */
export function authorizeData(call: Call): void {
  const { caller, route } = call;
  switch (caller.authentication) {
    case 'agentrun4': {
      if (caller.key?.deniedActions?.includes('agentrun:InvokeSandbox') === true)
        throw forbidden('The caller is not authorized to perform agentrun:InvokeSandbox');
      return;
    }
    case 'access-token': {
      const { type, name } = caller.resource ?? {};
      const isRight =
        route.sandboxId === undefined
          ? type === 'template' && name === namedTemplate(call.body)
          : type === 'sandbox' && name === route.sandboxId;
      if (!isRight) throw forbidden('The access token is for another resource');
      return;
    }
    case 'api-key': {
      if (templateOf(call).input.credentialConfiguration?.credentialName !== caller.credentialName)
        throw forbidden('The API key is not that of the template');
      return;
    }
    case 'anonymous': {
      const { input } = templateOf(call);
      if (input.credentialConfiguration !== undefined) throw serviceError(401, 'ERR_UNAUTHORIZED', 'The template demands a credential');
      if (managing.has(route.operation) && input.allowAnonymousManage !== true)
        throw forbidden('template does not allow anonymous manage via data plane');
      return;
    }
    case 'acs3':
      throw forbidden('The data plane does not take this signature');
  }
}
