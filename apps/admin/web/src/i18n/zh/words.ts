import type { TextsLike } from '../texts.ts';
import type { problems as englishProblems, states as englishStates, words as englishWords } from '../en/words.ts';

export const words: TextsLike<typeof englishWords> = {
  cancel: '取消',
  close: '关闭',
  save: '保存',
  yes: '是',
  no: '否',
  none: '无',
  unknown: '未知',
  copy: '复制',
  copied: '已复制',
  details: '详情',
  refresh: '刷新',
  reason: '原因',
  version: '版本 {{number}}',
  scrollingTable: '{{label}}：可滚动的表格',
  languages: { python: 'Python', javascript: 'JavaScript' },
};

export const states: TextsLike<typeof englishStates> = {
  loading: '加载中…',
  slow: '用时超出预期',
  slowHelp: '服务器已有 10 秒没有响应。它可能正忙，或无法连接数据库。',
  tryAgain: '重试',
  mayNot: '此操作需要“{{role}}”角色。如有需要，请向管理员申请。',
};

export const problems: TextsLike<typeof englishProblems> = {
  SERVER_UNREACHABLE: '无法连接服务器',
  ANSWER_TOO_LATE: '服务器没有及时响应',
  ANSWER_UNREADABLE: '无法读取响应',
  UNAUTHENTICATED: '尚未登录',
  FORBIDDEN: '您的角色无权执行此操作',
  NOT_FOUND: '没有找到',
  TOO_MANY_REQUESTS: '尝试次数过多',
  REQUEST_INVALID: '表单中有无法接受的内容',
  CONFIG_MISSING: '尚未配置',
  CONFIG_INVALID: '配置无效',
  CONFIG_CONFLICT: '其他人已修改配置',
  SECRET_UNREADABLE: '无法读取已保存的密钥',
  SETTINGS_UNAVAILABLE: '无法访问设置',
  POLICY_VIOLATED: '与策略相抵触',
  CAPACITY_EXHAUSTED: '目前没有空闲资源',
  PROVIDER_UNAVAILABLE: '无法连接沙箱提供方',
  DEADLINE_EXCEEDED: '用时过长',
  other: '操作未成功',
  retryAfter: '请在 {{time}} 后重试。',
};
