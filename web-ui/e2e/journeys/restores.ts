import assert from 'node:assert/strict';
import type { Dashboard } from '../dashboard';
import type { Step } from '../steps';
import { complete } from './backups';
import { MACHINE } from './machines';

export function restoreAndDelete(): Step[] {
  return [
    {
      name: 'A point is restored to a file',
      run: async (dashboard) => {
        await openNewestPoint(dashboard);
        await dashboard.button('Restore').click();
        const dialog = dashboard.page.getByRole('dialog');
        await dialog.getByLabel(/^File/).waitFor();
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('restore');
        await dialog.getByRole('button', { name: 'Start the restore' }).click();
        await dashboard.page.waitForURL(/\/runs\//);
        await complete(dashboard);
      },
    },
    {
      name: 'Restoring to a forbidden place is refused with a code and a hint',
      run: async (dashboard) => {
        await openNewestPoint(dashboard);
        await dashboard.button('Restore').click();
        await dashboard.page.getByLabel(/^File/).fill('/etc/nightjar-must-not-write-here.raw');
        dashboard.witness.expectRefusals(/\/restores$/);
        await dashboard.button('Start the restore').click();
        await dashboard.alert().waitFor();
        assert.match(await dashboard.alert().innerText(), /[A-Z]+_[A-Z]+/);
        dashboard.witness.expectRefusals();
      },
    },
    {
      name: 'The download is the raw disk, in ranges',
      run: async (dashboard) => {
        await openNewestPoint(dashboard);
        const link = dashboard.page.getByRole('link', { name: 'Download' });
        const href = (await link.getAttribute('href')) ?? '';
        const part = await dashboard.page.request.get(href, { headers: { Range: 'bytes=0-65535' } });
        assert.equal(part.status(), 206);
        assert.equal((await part.body()).length, 65_536);
      },
    },
    {
      name: 'A point is deleted after a confirmation, the others stay',
      run: async (dashboard) => {
        await dashboard.go('/points');
        const before = await rows(dashboard);
        await openNewestPoint(dashboard);
        await dashboard.button('Delete').click();
        await dashboard.button('Delete the point').click();
        await dashboard.heading('Recovery points').first().waitFor();
        await dashboard.settled();
        await dashboard.page.waitForFunction(
          (count) => document.querySelectorAll('tbody tr').length === count,
          before - 1,
        );
      },
    },
    {
      name: 'The catalog is rebuilt, and the points are back',
      run: async (dashboard) => {
        await dashboard.go('/points');
        const before = await rows(dashboard);
        await dashboard.go('/repository');
        await dashboard.button('Rebuild the catalog').click();
        await dashboard.page.getByRole('dialog').getByRole('button', { name: 'Rebuild' }).click();
        await dashboard.heading('Rebuild of the catalog').waitFor();
        await complete(dashboard);
        await dashboard.go('/points');
        assert.equal(await rows(dashboard), before);
      },
    },
  ];
}

export async function openNewestPoint(dashboard: Dashboard) {
  await dashboard.go('/points');
  const table = dashboard.page
    .getByRole('table', { name: new RegExp(`^Recovery points of ${MACHINE}`) })
    .first();
  await table.getByRole('row').nth(1).getByRole('link').first().click();
  await dashboard.heading(new RegExp(`^${MACHINE}, disk `)).waitFor();
  await dashboard.button('Delete').waitFor();
}

function rows(dashboard: Dashboard): Promise<number> {
  return dashboard.page.locator('tbody tr').count();
}
