import type { Role } from '@sandport/admin-api';
import type { Page } from 'playwright-core';
import type { PlayedApi } from './played-api.ts';
import { workScenes } from './work-scenes.ts';

/** A page in some state. */
export interface Scene {
  readonly name: string;
  /** Below `/admin`. */
  readonly path: string;
  readonly role: Role | null;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page, api: PlayedApi) => Promise<void>;
  /** What the console says because of what the scene shows. */
  readonly expected?: RegExp;
  /** Whether all of the page is taken, or what the screen shows. @default true */
  readonly isWhole?: boolean;
}

/** The one button of a dialog or page that has this place among those that stand out. */
async function press(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click();
}

async function changeMemory(page: Page): Promise<void> {
  await page.locator('#field_memoryBytes').fill('1073741824');
  await page.locator('#field_memoryBytes').blur();
}

/** Everything that there is to look at. */
export const scenes: readonly Scene[] = [
  { name: 'sign-in', path: '/sandbox-settings', role: null },
  { name: 'first-account', path: '/first-account#played-secret', role: null },
  { name: 'invitation', path: '/invitation#played-secret', role: null },
  { name: 'providers', path: '/sandbox-settings', role: 'admin' },
  { name: 'providers-viewer', path: '/sandbox-settings', role: 'viewer' },
  { name: 'provider-docker', path: '/sandbox-settings/docker', role: 'admin' },
  { name: 'provider-docker-viewer', path: '/sandbox-settings/docker', role: 'viewer' },
  { name: 'provider-e2b', path: '/sandbox-settings/e2b', role: 'operator' },
  { name: 'provider-draft', path: '/sandbox-settings/docker?draft=13', role: 'admin' },
  {
    name: 'provider-problems',
    path: '/sandbox-settings/docker',
    role: 'admin',
    act: async (page) => {
      await page.locator('#field_memoryBytes').fill('5');
      await page.locator('#field_dockerHost').fill('here');
      await press(page, /save draft|保存草稿/i);
      await page.locator('[aria-invalid="true"]').first().waitFor();
    },
  },
  {
    name: 'provider-save',
    path: '/sandbox-settings/docker',
    role: 'admin',
    isWhole: false,
    act: async (page) => {
      await changeMemory(page);
      await press(page, /save draft|保存草稿/i);
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'provider-compare',
    path: '/sandbox-settings/docker?draft=13',
    role: 'viewer',
    isWhole: false,
    act: async (page) => {
      await press(page, /^compare$|^比较$/i);
      await page.getByRole('dialog').getByText('memoryBytes').waitFor();
    },
  },
  {
    name: 'provider-activate',
    path: '/sandbox-settings/docker?draft=13',
    role: 'admin',
    isWhole: false,
    act: async (page) => {
      await press(page, /^activate$|^启用$/i);
      await page.getByRole('dialog').getByText('memoryBytes').waitFor();
    },
  },
  {
    name: 'provider-test',
    path: '/sandbox-settings/docker?draft=13',
    role: 'admin',
    isWhole: false,
    act: async (page) => {
      await press(page, /^test connection$|^测试连接$/i);
      await press(page, /^start the test$|^开始测试$/i);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /has no network/i })
        .click();
    },
  },
  {
    name: 'provider-passports',
    path: '/sandbox-settings/docker',
    role: 'admin',
    act: async (page) => {
      await page.getByRole('tab').nth(1).click();
      await page.getByRole('button', { name: /aaaaaaaaaaaa/ }).click();
    },
  },
  {
    name: 'expired',
    expected: /status of 401/,
    path: '/sandbox-settings/docker',
    role: 'admin',
    isWhole: false,
    act: async (page, api) => {
      await changeMemory(page);
      api.hasExpired = true;
      await press(page, /save draft|保存草稿/i);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /save draft|保存草稿/i })
        .click();
      await page.locator('input[type="password"]').waitFor();
    },
  },
  { name: 'history', path: '/history', role: 'admin' },
  {
    name: 'history-details',
    path: '/history',
    role: 'admin',
    isWhole: false,
    act: async (page) => {
      await press(page, /details of version 13|版本 13 的详情/i);
      await page.getByRole('dialog').locator('pre').first().waitFor();
    },
  },
  { name: 'audit', path: '/audit', role: 'admin' },
  { name: 'policy', path: '/policy', role: 'admin' },
  { name: 'not-found', path: '/no-such-page', role: 'viewer' },
  ...workScenes,
];
