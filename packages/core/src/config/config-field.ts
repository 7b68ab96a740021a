import { z } from 'zod';

/** What a schema cannot say of a configuration field and an operator's form needs. */
export interface ConfigFieldMetadata {
  readonly label: string;
  /** What the field does, in one or two sentences. */
  readonly help: string;
  /** The value is a {@link Secret}: stored encrypted, never given back. @default false */
  readonly secret?: boolean;
  /** `runtime` takes effect with the next call, `deployment` belongs to how the far side was installed. @default 'runtime' */
  readonly scope?: 'runtime' | 'deployment';
  readonly placeholder?: string;
}

/** Metadata of configuration fields, attached with `.register(configFields, { … })`. */
export const configFields = z.registry<ConfigFieldMetadata>();
