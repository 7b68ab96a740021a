import credentialsModule, { DefaultCredentialsProvider } from '@alicloud/credentials';
import openApiModule from '@alicloud/openapi-client';

export { DefaultCredentialsProvider };

/**
 * The packages are CommonJS and mark themselves as ES modules: Node's default import is the whole module, whose `default` is the class; other loaders, such as
 * Vitest's, hand out the class itself. Nothing else in this package imports their defaults.
 */
function classOf<Class>(imported: { readonly default: Class }): Class {
  return typeof imported === 'function' ? imported : imported.default;
}

/** The vendor's generic client of its APIs. */
export const OpenApiClient = classOf(openApiModule);

/** The vendor's holder of credentials. */
export const Credential = classOf(credentialsModule);
