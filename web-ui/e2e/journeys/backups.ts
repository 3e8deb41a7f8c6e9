import assert from 'node:assert/strict';
import type { Dashboard } from '../dashboard';
import type { Step } from '../steps';
import { MACHINE } from './machines';

const RUN_MILLIS = 120_000;

export function backUpTwice(): Step[] {
  return [
    {
      name: 'A backup is watched live until it is complete, without a reload',
      run: async (dashboard) => {
        await openMachine(dashboard);
        const events = dashboard.page.waitForResponse((response) => response.url().endsWith('/runs/events'));
        await dashboard.page.reload();
        assert.match((await events).headers()['content-type'] ?? '', /^text\/event-stream/);
        await dashboard.settled();

        const heard = await listen(dashboard);
        await dashboard.page.evaluate(() => Object.assign(window, { sameDocument: true }));
        await dashboard.button('Back up now').click();
        await dashboard.heading(`Backup of ${MACHINE}`).waitFor();
        assert.equal(await dashboard.page.getByText('No live connection').count(), 0, 'it has to poll');
        await dashboard.picture('run-live');
        await complete(dashboard);
        assert.equal(await dashboard.page.evaluate(() => 'sameDocument' in window), true, 'it was reloaded');
        assert.ok(heard.includes('done'), `events that came: ${heard.join(', ')}`);
        await modeIs(dashboard, 'Full');
        await dashboard.show('100 %');
      },
    },
    {
      name: 'The point is listed with the run, the machine and all points',
      run: async (dashboard) => {
        await dashboard.page.getByRole('table', { name: 'Recovery points of this run' }).waitFor();
        await openMachine(dashboard);
        await dashboard.page.getByRole('table', { name: `Recovery points of ${MACHINE}` }).waitFor();
        await dashboard.go('/points');
        await dashboard
          .heading(new RegExp(`^${MACHINE}, disk `))
          .first()
          .waitFor();
      },
    },
    {
      name: 'The second backup is incremental',
      run: async (dashboard) => {
        await openMachine(dashboard);
        await dashboard.button('Back up now').click();
        await dashboard.heading(`Backup of ${MACHINE}`).waitFor();
        await complete(dashboard);
        await modeIs(dashboard, 'Incremental');
      },
    },
    {
      name: 'A backup in full can be asked for',
      run: async (dashboard) => {
        await openMachine(dashboard);
        await dashboard.button('Other ways to back up').click();
        await dashboard.page.getByRole('menuitem', { name: /^Back up in full/ }).click();
        await dashboard.heading(`Backup of ${MACHINE}`).waitFor();
        await complete(dashboard);
        await modeIs(dashboard, 'Full');
      },
    },
    {
      name: 'The overview says that the machine is protected',
      run: async (dashboard) => {
        await dashboard.go('/');
        await dashboard.show('Your machine is protected');
        await dashboard.page.getByRole('table', { name: 'Last runs' }).waitFor();
      },
    },
  ];
}

export async function openMachine(dashboard: Dashboard) {
  await dashboard.go('/machines');
  await dashboard.page.getByRole('link', { name: MACHINE }).click();
  await dashboard.heading(MACHINE).waitFor();
  await dashboard.settled();
}

/** Waits until the run on screen ends, and fails with what it says if it did not end well. */
export async function complete(dashboard: Dashboard) {
  const state = dashboard.page.getByRole('status').getByText(/^(Complete|Failed|Cancelled|Interrupted)$/);
  await state.waitFor({ timeout: RUN_MILLIS });
  const ended = await state.innerText();
  assert.equal(
    ended,
    'Complete',
    ended === 'Complete' ? '' : await dashboard.page.locator('main').innerText(),
  );
}

async function modeIs(dashboard: Dashboard, mode: string) {
  const disks = dashboard.page.getByRole('table', { name: 'Disks of the run' });
  await disks.getByText(mode, { exact: true }).first().waitFor();
}

/** The names of the server-sent events that the page gets from now on. */
async function listen(dashboard: Dashboard): Promise<string[]> {
  const heard: string[] = [];
  const devtools = await dashboard.page.context().newCDPSession(dashboard.page);
  devtools.on('Network.eventSourceMessageReceived', ({ eventName }) => heard.push(eventName));
  await devtools.send('Network.enable');
  return heard;
}
