import type { HealthCheck } from '@sandport/core';
import { describeSettings, type AliyunProviderConfig, type DescribedSetting } from '@sandport/provider-aliyun';
import type { CliContext } from '../cli-context.ts';
import { SECRET_FIELDS } from './connection.ts';

/** Says of each setting where its value comes from. Values of secrets are never shown. */
export function settingSources(config: AliyunProviderConfig, environment: CliContext['environment']): HealthCheck[] {
  return describeSettings(config, environment).map((described) => ({
    name: `source.${described.name}`,
    status: 'ok',
    message: describeSource(described),
  }));
}

function describeSource({ name, origin, value }: DescribedSetting): string {
  const shown = SECRET_FIELDS.includes(name) ? 'Set' : `"${value ?? ''}"`;
  switch (origin.kind) {
    case 'stored':
      return `${shown}, stored in the settings.`;
    case 'environment':
      return `${shown}, from the variable ${origin.variable}.`;
    case 'default':
      return `${shown}, the default.`;
    case 'derived':
      return `${shown}, which follows from the others.`;
    case 'chain':
      return 'The default chain of credentials looks for it.';
    case 'missing':
      return 'Not set.';
  }
}
