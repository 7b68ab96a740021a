/** Where an executor is reached. */
export interface Endpoint {
  readonly origin: string;
  /** What stands before every path; without a `/` at its end. */
  readonly basePath: string;
  /** Host and port, for people. */
  readonly host: string;
}

/** An address of the configuration, taken apart. */
export function parseEndpoint(address: string): Endpoint {
  const { origin, host, pathname } = new URL(address);
  return { origin, host, basePath: pathname.replace(/\/+$/, '') };
}
