import assert from 'node:assert/strict';
import type { Dashboard, Scheme } from '../dashboard';
import type { Step } from '../steps';

const empty: [path: string, heading: string][] = [
  ['/', 'Protect your first machine'],
  ['/machines', 'No machine yet'],
  ['/policies', 'No policy yet'],
  ['/runs', 'Nothing has run yet'],
  ['/points', 'No recovery point yet'],
];

export function firstDay(): Step[] {
  return [
    {
      name: 'On the first day every page says what to do',
      run: async (dashboard) => {
        for (const [path, heading] of empty) {
          await dashboard.go(path);
          await dashboard.heading(heading).waitFor();
        }
      },
    },
    {
      name: 'The empty pages are accessible in both colour schemes',
      run: async (dashboard) => {
        for (const scheme of ['light', 'dark'] as const) {
          await dashboard.setScheme(scheme);
          for (const [path] of empty.slice(0, 2)) await accessible(dashboard, path, scheme);
        }
        await dashboard.setScheme('light');
      },
    },
    {
      name: 'The first step leads to the form',
      run: async (dashboard) => {
        await dashboard.go('/');
        await dashboard.page.getByRole('link', { name: 'Add a machine' }).click();
        await dashboard.heading('Add a machine').waitFor();
      },
    },
    {
      name: 'An unknown address leads back',
      run: async (dashboard) => {
        await dashboard.go('/no/such/page');
        await dashboard.page.getByRole('link', { name: 'Go to the overview' }).click();
        await dashboard.heading('Overview').waitFor();
      },
    },
  ];
}

async function accessible(dashboard: Dashboard, path: string, scheme: Scheme) {
  await dashboard.go(path);
  assert.deepEqual(await dashboard.accessibilityProblems(), [], `${path}, ${scheme}`);
  await dashboard.picture(`empty${path.replaceAll('/', '-')}${scheme}`);
}
