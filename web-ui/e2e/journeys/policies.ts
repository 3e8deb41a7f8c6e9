import assert from 'node:assert/strict';
import type { Dashboard } from '../dashboard';
import type { Step } from '../steps';
import { MACHINE } from './machines';

const POLICY = 'Every night';

export function makePolicy(): Step[] {
  return [
    {
      name: 'A bad schedule is refused at its field',
      run: async (dashboard) => {
        await dashboard.go('/policies/new');
        await dashboard.page.getByLabel(/^Name/).fill(POLICY);
        dashboard.witness.expectRefusals(/\/policies(\/preview)?$/);
        const expression = dashboard.page.getByLabel(/^Expression/);
        await expression.fill('61 2 * * *');
        await dashboard.page.locator('input[aria-invalid="true"]').waitFor();
        await dashboard.show(/INVALID_SCHEDULE/);
        assert.notEqual(await describedBy(dashboard), '');
        await dashboard.picture('policy-refused');
      },
    },
    {
      name: 'Saving it all the same is refused by the service',
      run: async (dashboard) => {
        await dashboard.button('Make the policy').click();
        await dashboard.alert().waitFor();
        assert.match(await dashboard.alert().innerText(), /INVALID_SCHEDULE|INVALID_REQUEST/);
        assert.match(dashboard.page.url(), /\/policies\/new$/);
      },
    },
    {
      name: 'A good schedule shows its next five runs',
      run: async (dashboard) => {
        await dashboard.page.getByLabel(/^Expression/).fill('30 1 * * *');
        dashboard.witness.expectRefusals();
        const preview = dashboard.page.getByRole('region', { name: 'Next five runs' });
        await preview.getByRole('listitem').nth(4).waitFor();
        const runs = await preview.getByRole('listitem').allInnerTexts();
        assert.equal(runs.length, 5);
        for (const run of runs) assert.match(run, /01:30/, 'at half past one in the policy’s time zone');
      },
    },
    {
      name: 'The policy is made, and the overview shows its next run',
      run: async (dashboard) => {
        await dashboard.page.getByRole('checkbox', { name: MACHINE }).check();
        await dashboard.button('Make the policy').click();
        await dashboard.page.getByRole('table', { name: 'Policies' }).getByText(POLICY).waitFor();
        await dashboard.go('/');
        await dashboard.page.getByRole('link', { name: POLICY }).first().waitFor();
      },
    },
  ];
}

/** The text that a screen reader adds to the invalid field. */
function describedBy(dashboard: Dashboard): Promise<string> {
  return dashboard.page.locator('input[aria-invalid="true"]').evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.innerText ?? '')
      .join(' ')
      .trim(),
  );
}
