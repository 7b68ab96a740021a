import type { Page } from 'playwright-core';
import type { Scene } from './scenes.ts';

async function run(page: Page): Promise<void> {
  await page.locator('.cm-content').waitFor();
  await page.getByRole('button', { name: /^run$|^运行$/i }).click();
  await page.getByText(/^completed$|^已完成$/i).waitFor();
}

const openTab = (tab: RegExp) => async (page: Page) => {
  await run(page);
  await page.getByRole('tab', { name: tab }).click();
};

async function compare(page: Page): Promise<void> {
  await page
    .getByRole('group', { name: /^right$|^右侧$/i })
    .getByRole('combobox')
    .first()
    .click();
  await page.getByRole('option').nth(1).click();
  await page.getByRole('button', { name: /^compare$|^开始对比$/i }).click();
  await page.getByText(/programs compared:|个程序已对比：/).waitFor();
  await page
    .getByRole('button', { name: /side by side|并排查看/i })
    .first()
    .click();
}

/** Overview, playground, comparison and people. */
export const workScenes: readonly Scene[] = [
  {
    name: 'overview',
    path: '/overview',
    role: 'operator',
    act: async (page) => {
      await page.locator('.recharts-surface').first().waitFor();
      await page.getByRole('button', { name: /look now|立即检查/i }).click();
      await page.getByText('Docker 29.1').waitFor();
    },
  },
  {
    name: 'overview-empty',
    path: '/overview',
    role: 'viewer',
    act: async (page, api) => {
      api.isUnused = true;
      await page.reload();
      await page
        .getByRole('link', { name: /playground|试运行/i })
        .last()
        .waitFor();
    },
  },
  { name: 'playground', path: '/playground', role: 'operator', act: run },
  { name: 'playground-viewer', path: '/playground', role: 'viewer' },
  { name: 'playground-value', path: '/playground', role: 'operator', act: openTab(/^value$|^返回值$/i) },
  { name: 'playground-artifacts', path: '/playground', role: 'operator', act: openTab(/^(files|文件) \(5\)$/i) },
  { name: 'playground-evidence', path: '/playground', role: 'operator', act: openTab(/^evidence$|^证据$/i) },
  { name: 'playground-code', path: '/playground', role: 'operator', act: openTab(/^client code$|^客户端代码$/i) },
  { name: 'playground-limits', path: '/playground', role: 'operator', act: openTab(/^limits$|^限制$/i) },
  { name: 'comparison', path: '/compare', role: 'operator', act: compare },
  {
    name: 'comparison-programs',
    path: '/compare',
    role: 'operator',
    act: (page) => page.getByRole('button', { name: /choose programs|选择程序/i }).click(),
  },
  { name: 'people', path: '/people', role: 'admin' },
  {
    name: 'people-invitation',
    path: '/people',
    role: 'admin',
    isWhole: false,
    act: async (page) => {
      await page.getByRole('button', { name: /^invite$|^邀请$/i }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').first().fill('new@example.org');
      await dialog.getByRole('button', { name: /^invite$|^邀请$/i }).click();
      await page.getByText(/this is shown once|仅显示一次/i).waitFor();
    },
  },
  {
    name: 'people-remove',
    path: '/people',
    role: 'admin',
    isWhole: false,
    act: async (page) => {
      await page.getByRole('button', { name: /actions for linus|对 linus 的操作/i }).click();
      await page.getByRole('menuitem').last().click();
      await page.getByRole('dialog').waitFor();
    },
  },
];
