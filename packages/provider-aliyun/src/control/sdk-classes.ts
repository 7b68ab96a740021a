/** What of the vendor's packages is used here. */
export type Sdk = Awaited<ReturnType<typeof load>>;

let sdk: Promise<Sdk> | undefined;

/** The vendor's packages, loaded with the first call: a program that carries this provider and uses another one does not wait for them. */
export function loadSdk(): Promise<Sdk> {
  sdk ??= load();
  return sdk;
}

async function load() {
  const [credentials, openApi, teaUtil] = await Promise.all([
    import('@alicloud/credentials'),
    import('@alicloud/openapi-client'),
    import('@alicloud/tea-util'),
  ]);
  const { Config, OpenApiRequest, Params } = openApi;
  return {
    OpenApiClient: classOf(openApi.default),
    Config,
    OpenApiRequest,
    Params,
    RuntimeOptions: teaUtil.RuntimeOptions,
    Credential: classOf(credentials.default),
    DefaultCredentialsProvider: credentials.DefaultCredentialsProvider,
  };
}

/**
 * The packages are CommonJS and mark themselves as ES modules: Node's default import is the whole module, whose `default` is the class; other loaders, such as
 * Vitest's, hand out the class itself. Nothing else in this package imports their defaults.
 */
function classOf<Class>(imported: { readonly default: Class }): Class {
  return typeof imported === 'function' ? imported : imported.default;
}
