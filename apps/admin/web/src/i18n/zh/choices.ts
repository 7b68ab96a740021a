import type { TextsLike } from '../texts.ts';
import type { choices as english } from '../en/choices.ts';

export const choices: TextsLike<typeof english> = {
  provider: '提供方',
  configuration: '配置',
  choose: '请选择',
  notConfigured: '未配置',
  inUse: '使用中',
  draft: '草稿',
};
