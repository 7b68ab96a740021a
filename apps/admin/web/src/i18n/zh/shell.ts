import type { TextsLike } from '../texts.ts';
import type { shell as english } from '../en/shell.ts';

export const shell: TextsLike<typeof english> = {
  product: 'Sandport',
  skipToContent: '跳到正文',
  openNavigation: '打开导航',
  closeNavigation: '关闭导航',
  navigation: '页面',
  language: '语言',
  theme: '主题',
  themes: { light: '浅色', dark: '深色', auto: '跟随系统' },
  account: '{{name}} 的账号',
  roles: { viewer: '查看者', operator: '操作员', admin: '管理员' },
  changePassword: '修改密码',
  signOut: '退出登录',
  notFound: '没有这个页面',
  notFoundHelp: '地址可能已过时，或输入有误。',
  toProviders: '前往沙箱提供方',
  failed: '此页面出错了',
  failedHelp: '表单中已输入的内容仍保存在此浏览器标签页中。请重新加载；如果再次出错，请把这里的内容告诉 Sandport 的维护者。',
  reload: '重新加载',
};
