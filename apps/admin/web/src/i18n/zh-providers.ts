import type { ProviderTexts } from './field-texts.ts';
import { aliyun } from './zh/providers/aliyun.ts';
import { docker } from './zh/providers/docker.ts';
import { e2b } from './zh/providers/e2b.ts';
import { selfManaged } from './zh/providers/self-managed.ts';
import { wasm } from './zh/providers/wasm.ts';

/** Chinese texts of the providers that the house knows, by their ids as they are stored. */
export const zhProviders: Readonly<Record<string, ProviderTexts>> = {
  wasm,
  docker,
  self_managed: selfManaged,
  aliyun_codeinterpreter: aliyun,
  e2b,
};
