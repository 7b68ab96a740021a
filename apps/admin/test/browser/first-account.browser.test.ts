import { expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { PASSWORD } from './person.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();

test('the printed link makes the first account, once; its owner signs out and in again', async () => {
  const admin = await openAdmin();
  const visit = await Visit.begin(chromium.browser, { address: admin.address });
  const { page } = visit;
  await visit.sees(page.getByText('Nobody has an account yet'));
  await visit.look('sign-in-before-the-first-account');

  await page.goto(admin.firstAccountLink);
  await visit.sees(page.getByRole('heading', { name: 'Make the first account' }));
  await visit.field('Name').fill('Ada');
  await visit.field('New password').fill('too short');
  await visit.field('New password again').fill('something else');
  await visit.button('Make the account').click();
  await visit.sees(page.getByText('The two passwords are not the same.'));
  await visit.look('first-account');
  // What opens the door once is nothing that a picture, a history or a server's log should have.
  expect(page.url()).not.toContain('#');

  await visit.field('New password').fill(PASSWORD);
  await visit.field('New password again').fill(PASSWORD);
  await visit.button('Make the account').click();
  await visit.sees(visit.button('Account of Ada'));

  await visit.button('Account of Ada').click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await visit.sees(page.getByRole('heading', { name: 'Sign in to Sandport' }));
  await visit.look('sign-in');

  await visit.field('Name').fill('Ada');
  await visit.field('Password').fill('not the password');
  await visit.button('Sign in').click();
  await visit.sees(page.getByRole('alert').getByText('Name or password is wrong'));
  await visit.field('Password').fill(PASSWORD);
  await visit.button('Sign in').click();
  await visit.sees(visit.button('Account of Ada'));

  const second = await Visit.begin(chromium.browser, { address: admin.address, path: new URL(admin.firstAccountLink).pathname });
  await second.page.goto(admin.firstAccountLink);
  await second.sees(second.page.getByText('The first account exists already'));
  expect(admin.output()).not.toContain(PASSWORD);
});
