import { createHash } from 'node:crypto';
import { jsonObjectSchema, type JsonObject, type JsonValue } from '../json.ts';

/** The member of a stored configuration that holds its sealed secrets. */
export const SEALED_MEMBER = '$encrypted';

/** The member of {@link SEALED_MEMBER} that says which master key wrapped the row's own key. It changes when the master key is replaced, and means nothing else. */
export const SEALED_KEY_MEMBER = 'key';

/**
 * SHA-256 of a stored configuration in hexadecimal digits. It is the same for the same members in another order, and after the master key was replaced; it differs when any
 * field or secret was stored anew.
 */
export function configDigest(config: JsonObject): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(withoutWrapping(config))))
    .digest('hex');
}

function withoutWrapping(config: JsonObject): JsonObject {
  const sealed = jsonObjectSchema.safeParse(config[SEALED_MEMBER]);
  if (!sealed.success) return config;
  const { [SEALED_KEY_MEMBER]: _, ...rest } = sealed.data;
  return { ...config, [SEALED_MEMBER]: rest };
}

function inOrder(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, inOrder(member)]),
  );
}
