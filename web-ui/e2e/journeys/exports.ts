import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Dashboard } from '../dashboard';
import type { Step } from '../steps';
import { complete } from './backups';
import { openNewestPoint } from './restores';

const run = promisify(execFile);

/** Exports with qemu-io as the guest. The last one stays open, to be looked at. */
export function serveAndKeep(): Step[] {
  return [
    {
      name: 'A point is served read-only, with what to paste',
      run: async (dashboard) => {
        await open(dashboard, 'Read-only');
        const address = await paste(dashboard, 'nbdcopy');
        const { stdout } = await run('qemu-io', ['-r', '-f', 'raw', uri(address), '-c', 'read 0 4k']);
        assert.match(stdout, /read 4096\/4096 bytes/);
        await dashboard.page.getByText(/[1-9]\d* connections? so far/).waitFor();
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.picture('export-read-only');
        await dashboard.button('Close export').click();
        await dashboard.button('Close the export').click();
        await dashboard.heading('Exports').waitFor();
        await dashboard.show('Nothing is served');
      },
    },
    {
      name: 'What a guest writes to a point becomes a new point',
      run: async (dashboard) => {
        await dashboard.go('/points');
        const before = await dashboard.page.locator('tbody tr').count();
        await open(dashboard, 'Writable');
        await write(await paste(dashboard, 'nbdcopy'));
        await dashboard.page.getByText(/^64 KiB of 10 GiB taken/).waitFor();
        await dashboard.picture('export-writable');
        await dashboard.button('Keep as a point').click();
        await dashboard.button('Keep it').click();
        await dashboard.page.waitForURL(/\/runs\//);
        await complete(dashboard);
        await dashboard.go('/points');
        assert.equal(await dashboard.page.locator('tbody tr').count(), before + 1);
      },
    },
    {
      name: 'What was written is discarded only after a confirmation',
      run: async (dashboard) => {
        await open(dashboard, 'Writable');
        await write(await paste(dashboard, 'nbdcopy'));
        await dashboard.button('Discard').click();
        assert.deepEqual(await dashboard.accessibilityProblems(), []);
        await dashboard.button('Discard and close').click();
        await dashboard.show('Nothing is served');
      },
    },
    {
      name: 'Open exports are listed, and on their point',
      run: async (dashboard) => {
        await open(dashboard, 'Read-only');
        await dashboard.go('/exports');
        assert.equal(
          await dashboard.page.getByRole('table', { name: 'Exports' }).locator('tbody tr').count(),
          1,
        );
        await openNewestPoint(dashboard);
        await dashboard.page.getByRole('table', { name: 'Exports of this point' }).waitFor();
      },
    },
  ];
}

async function open(dashboard: Dashboard, access: 'Read-only' | 'Writable') {
  await openNewestPoint(dashboard);
  await dashboard.page
    .getByRole('region', { name: 'Boot / attach' })
    .getByRole('button', { name: 'Open', exact: true })
    .click();
  const dialog = dashboard.page.getByRole('dialog');
  await dialog.getByText(access, { exact: true }).click();
  assert.deepEqual(await dashboard.accessibilityProblems(), []);
  await dialog.getByRole('button', { name: 'Open the export' }).click();
  await dashboard.page.waitForURL(/\/exports\//);
  await dashboard.settled();
}

/** The text of a block. */
function paste(dashboard: Dashboard, program: string): Promise<string> {
  return dashboard.page.locator('pre', { hasText: program }).first().innerText();
}

function uri(command: string): string {
  const [found] = /nbds?(\+unix)?:\/\/[^\s']+/.exec(command) ?? [];
  assert.ok(found, command);
  return found;
}

async function write(command: string) {
  await run('qemu-io', ['-f', 'raw', uri(command), '-c', 'write -P 7 0 64k', '-c', 'flush']);
}
