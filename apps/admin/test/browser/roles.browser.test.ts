import { describe, expect, test } from 'vitest';
import { useChromium } from './chromium.ts';
import { openAdmin } from './open-admin.ts';
import { Visit } from './visit.ts';

const chromium = useChromium();
const EMBEDDED = 'WebAssembly, embedded';

/** What each role finds on the pages. What the server lets each of them do is asked of every route elsewhere. */
const SIGHTS = [
  { role: 'viewer', mayChange: false, seesPeople: false },
  { role: 'operator', mayChange: true, seesPeople: false },
  { role: 'admin', mayChange: true, seesPeople: true },
] as const;

describe.each(SIGHTS)('$role', ({ role, mayChange, seesPeople }) => {
  test('finds the acts of the role and no others', async () => {
    const admin = await openAdmin();
    const root = await admin.enter();
    await root.activate({ providerType: 'wasm', providers: { wasm: { config: {} } } }, 'Begin embedded');
    const person = await root.invite(role, 'Robin');
    const visit = await Visit.begin(chromium.browser, { address: admin.address, person });
    const { page } = visit;
    await visit.goTo('Providers');
    await page.getByRole('link', { name: `${mayChange ? 'Configure' : 'Look at'} ${EMBEDDED}` }).click();
    await visit.sees(page.getByRole('heading', { level: 1, name: EMBEDDED }));
    const memory = visit.field('Memory');
    await visit.sees(memory);
    expect(await memory.isEditable()).toBe(mayChange);
    expect(await visit.button('Save draft').count()).toBe(mayChange ? 1 : 0);
    expect(await visit.button('Test connection').count()).toBe(mayChange ? 1 : 0);
    expect(await page.getByText('This is for Operators.').count()).toBe(mayChange ? 0 : 1);
    await visit.look(`provider-as-${role}`);
    expect(await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'People' }).count()).toBe(seesPeople ? 1 : 0);
    await page.goto(`${admin.address}/admin/people`);
    await visit.sees(seesPeople ? visit.button('Invite') : page.getByText(/for Admins/));
  });
});
