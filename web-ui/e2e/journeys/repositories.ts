import assert from 'node:assert/strict';
import { PHONE, DESKTOP, type Dashboard } from '../dashboard';
import type { Settings } from '../settings';
import type { Step } from '../steps';

const PASSPHRASE = 'river lamp stone mild otter';
const NEXT = 'another river, another lamp';

/** From nothing to an encrypted repository that was locked and unlocked, and a second one. */
export function setUp(settings: Settings): Step[] {
  let recoveryKey = '';
  return [
    {
      name: 'Before anything else the overview asks for a repository',
      run: async (dashboard) => {
        for (const scheme of ['dark', 'light'] as const) {
          await dashboard.setScheme(scheme);
          await dashboard.go('/');
          await dashboard.heading('Create the repository').waitFor();
          assert.deepEqual(await dashboard.accessibilityProblems(), [], scheme);
          await dashboard.picture(`no-repository-${scheme}`);
        }
        await dashboard.page.getByRole('link', { name: 'Create the repository' }).click();
        await dashboard.heading('Encryption').waitFor();
      },
    },
    {
      name: 'The place is tested, and nothing is left there',
      run: async (dashboard) => {
        await formLooks(dashboard);
        await dashboard.button('Test the place').click();
        await dashboard.show('A repository can be made here');
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('repository-tested');
        await dashboard.page.getByText('S3 bucket', { exact: true }).click();
        await dashboard.page.getByLabel(/^Bucket/).waitFor();
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('repository-new-s3');
        await dashboard.page.getByText('Directory', { exact: true }).click();
      },
    },
    {
      name: 'The repository is made only after its recovery key is kept',
      run: async (dashboard) => {
        await dashboard.page.getByLabel(/^Passphrase/).fill(PASSPHRASE);
        await dashboard.show('Strong.');
        await dashboard.page.getByLabel(/^The same again/).fill(PASSPHRASE);
        await dashboard.button('Create the repository').click();
        const dialog = dashboard.page.getByRole('dialog');
        recoveryKey = (await dialog.locator('code').innerText()).trim();
        assert.match(recoveryKey, /^([A-Z2-7]{4}-){9}[A-Z2-7]{4}$/);
        const create = dialog.getByRole('button', { name: 'Create the repository' });
        assert.equal(await create.isDisabled(), true);
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('recovery-key');
        await dialog.getByRole('checkbox').check();
        await create.click();
        await dashboard.heading('Protect your first machine').waitFor();
      },
    },
    {
      name: 'The repository is locked, and the overview says what that means',
      run: async (dashboard) => {
        await dashboard.go('/repository');
        await dashboard.button(/^Lock$/).click();
        await dashboard.button('Lock it').click();
        await dashboard.show('The repository is locked');
        for (const scheme of ['dark', 'light'] as const) {
          await dashboard.setScheme(scheme);
          await dashboard.go('/');
          await dashboard.show(/nothing is backed up until/);
          assert.deepEqual(await dashboard.accessibilityProblems(), [], scheme);
          await dashboard.picture(`locked-${scheme}`);
        }
      },
    },
    {
      name: 'A wrong passphrase does not unlock it, the recovery key does',
      run: async (dashboard) => {
        await dashboard.button('Unlock').click();
        const dialog = dashboard.page.getByRole('dialog');
        dashboard.witness.expectRefusals(/\/unlock$/);
        await dialog
          .getByLabel(/^Passphrase/)
          .last()
          .fill('not this one, surely');
        await dialog.getByRole('button', { name: 'Unlock' }).click();
        await dialog.getByRole('alert').waitFor();
        assert.match(await dialog.getByRole('alert').innerText(), /PASSPHRASE_WRONG/);
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('unlock');
        dashboard.witness.expectRefusals();
        await dialog.getByText('Recovery key', { exact: true }).click();
        await dialog
          .getByLabel(/^Recovery key/)
          .last()
          .fill(recoveryKey.toLowerCase());
        await dialog.getByRole('button', { name: 'Unlock' }).click();
        await dashboard.page.getByText(/nothing is backed up until/).waitFor({ state: 'detached' });
      },
    },
    {
      name: 'Another passphrase is put in force',
      run: async (dashboard) => {
        await dashboard.go('/repository');
        await dashboard.button('Change passphrase').click();
        const dialog = dashboard.page.getByRole('dialog');
        await dialog.getByLabel(/^Current passphrase/).fill(PASSPHRASE);
        await dialog.getByLabel(/^New passphrase/).fill(NEXT);
        await dialog.getByLabel(/^The same again/).fill(NEXT);
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('change-passphrase');
        await dialog.getByRole('button', { name: 'Change it' }).click();
        await dashboard.show('The new passphrase is in force.');
      },
    },
    {
      name: 'A second repository is added to the list',
      unless: settings.otherRepository ? undefined : 'OTHER_REPOSITORY is not set',
      run: async (dashboard) => {
        await dashboard.page.getByRole('link', { name: 'Add a repository' }).click();
        await dashboard.page
          .getByRole('textbox', { name: /^Directory/ })
          .fill(settings.otherRepository ?? '');
        await dashboard.page.getByLabel(/^Name/).fill('Second disk');
        await dashboard.page.getByRole('checkbox', { name: 'Encrypt the repository' }).uncheck();
        await dashboard.button('Create the repository').click();
        await dashboard.heading('Second disk').waitFor();
        await dashboard.picture('repository-other');
        await dashboard.go('/repository');
        await dashboard.page
          .getByRole('table', { name: 'Other repositories' })
          .getByRole('link', { name: 'Second disk' })
          .waitFor();
      },
    },
  ];
}

async function formLooks(dashboard: Dashboard) {
  for (const scheme of ['dark', 'light'] as const) {
    await dashboard.setScheme(scheme);
    await dashboard.go('/repository/new');
    assert.deepEqual(await dashboard.accessibilityProblems(), [], scheme);
    await dashboard.picture(`repository-new-${scheme}`);
  }
  await dashboard.page.setViewportSize(PHONE);
  assert.ok((await dashboard.overflow()) <= 0, 'wider than a phone');
  await dashboard.picture('repository-new-phone');
  await dashboard.page.setViewportSize(DESKTOP);
}
