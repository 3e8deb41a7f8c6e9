import assert from 'node:assert/strict';
import type { Dashboard } from '../dashboard';
import type { Settings } from '../settings';
import type { Step } from '../steps';

export const MACHINE = 'web-01';

export function addMachine(settings: Settings): Step[] {
  return [
    {
      name: 'A wrong socket gives an error with a code and a hint',
      run: async (dashboard) => {
        await fill(dashboard, settings.brokenQmpSocket);
        dashboard.witness.expectRefusals(/\/machines\/probe$/);
        await dashboard.button('Test connection').click();
        await assertProblem(dashboard);
        await dashboard.picture('probe-failed');
      },
    },
    {
      name: 'The corrected socket shows the disks',
      run: async (dashboard) => {
        dashboard.witness.expectRefusals();
        await dashboard.page.getByLabel(/QMP socket/).fill(settings.qmpSocket);
        await dashboard.button('Test connection').click();
        const disks = dashboard.page.getByRole('table', { name: 'Disks found' });
        await disks.waitFor();
        assert.match(await disks.innerText(), /[KMGT]iB/);
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('probe');
      },
    },
    {
      name: 'The machine is added',
      run: async (dashboard) => {
        await dashboard.button('Add the machine').click();
        await dashboard.heading(MACHINE).waitFor();
        await dashboard.show('No recovery point yet');
      },
    },
    {
      name: 'An NBD export that does not exist gives an error with a code and a hint',
      unless: settings.brokenNbdUri ? undefined : 'BROKEN_NBD_URI is not set',
      run: async (dashboard) => {
        await dashboard.go('/machines/new');
        await dashboard.page.getByText('NBD export', { exact: true }).click();
        await dashboard.page.getByRole('textbox', { name: /^Disk/ }).fill('vda');
        await dashboard.page.getByLabel(/NBD address/).fill(settings.brokenNbdUri ?? '');
        dashboard.witness.expectRefusals(/\/machines\/probe$/);
        await dashboard.button('Test connection').click();
        assert.match(await assertProblem(dashboard), /NBD_EXPORT_UNKNOWN/);
        dashboard.witness.expectRefusals();
      },
    },
  ];
}

async function fill(dashboard: Dashboard, socket: string) {
  const { qmpNbdServer, scratchDirectory } = dashboard.settings;
  await dashboard.go('/machines/new');
  await dashboard.page.getByLabel(/^Name/).fill(MACHINE);
  await dashboard.page.getByLabel('Description').fill('Made by the browser test');
  await dashboard.page.getByLabel(/QMP socket/).fill(socket);
  if (qmpNbdServer ?? scratchDirectory) {
    await dashboard.button('More settings').click();
    if (scratchDirectory) await dashboard.page.getByLabel('Scratch directory').fill(scratchDirectory);
    if (qmpNbdServer) await dashboard.page.getByLabel('NBD server').fill(qmpNbdServer);
  }
}

/** Code, message and hint are there; gives the whole text. */
async function assertProblem(dashboard: Dashboard): Promise<string> {
  await dashboard.alert().waitFor();
  const text = await dashboard.alert().innerText();
  assert.match(text, /\b[A-Z]+(_[A-Z]+)+\b/, 'a code');
  assert.ok(
    text.split('\n').filter((line) => line.trim() !== '').length >= 3,
    `title, hint and code: ${text}`,
  );
  assert.doesNotMatch(text, /INTERNAL_ERROR|HTTP_\d/);
  return text;
}
