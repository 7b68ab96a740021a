import { jsonObjectSchema, SEALED_MEMBER, type JsonObject } from '@sandport/core';
import { z } from 'zod';
import { KeyRing } from '../../src/secrets/key-ring.ts';
import { generateMasterKey } from '../../src/secrets/master-key.ts';

export const ROW = 'sandbox.e2b';
export const SECRET_FIELDS = ['apiKey', 'token'];
export const CONFIG = { template: 'base', apiKey: 'planted-secret-1', token: 'planted-secret-2', port: 8080 };

export function newRing(): KeyRing {
  return KeyRing.of([{ key: generateMasterKey() }]);
}

const memberSchema = z.object({
  version: z.number(),
  key: z.object({ id: z.string(), wrapped: z.string() }),
  fields: z.array(z.string()),
  data: z.string(),
});

/** The sealed member of a configuration, as a test looks at it. */
export function memberOf(config: JsonObject): z.output<typeof memberSchema> {
  return memberSchema.parse(config[SEALED_MEMBER]);
}

/** The same configuration with another sealed member. */
export function withMember(config: JsonObject, member: unknown): JsonObject {
  return jsonObjectSchema.parse({ ...config, [SEALED_MEMBER]: member });
}
