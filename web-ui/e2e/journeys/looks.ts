import assert from 'node:assert/strict';
import { DESKTOP, PHONE, type Dashboard } from '../dashboard';
import type { Step } from '../steps';

/** What happens to be there: the first of each kind. */
async function pages(dashboard: Dashboard): Promise<[name: string, path: string][]> {
  const first = async (list: string) => {
    const found = (await (await dashboard.page.request.get(`/api/v1/${list}`)).json()) as
      { id: string }[] | { items: { id: string }[] };
    const [one] = Array.isArray(found) ? found : found.items;
    assert.ok(one, `there is nothing at ${list}`);
    return one.id;
  };
  return [
    ['overview', '/'],
    ['machines', '/machines'],
    ['machine', `/machines/${await first('machines')}`],
    ['machine-edit', `/machines/${await first('machines')}/edit`],
    ['policies', '/policies'],
    ['policy', `/policies/${await first('policies')}`],
    ['runs', '/runs'],
    ['run', `/runs/${await first('runs?kind=BACKUP')}`],
    ['points', '/points'],
    ['point', `/points/${await first('points')}`],
    ['exports', '/exports'],
    ['export', `/exports/${await first('exports')}`],
    ['repository', '/repository'],
  ];
}

export function looks(): Step[] {
  return [
    ...(['light', 'dark'] as const).map((scheme) => ({
      name: `Every page is accessible in the ${scheme} scheme, and fits a desktop and a phone`,
      run: async (dashboard: Dashboard) => {
        await dashboard.setScheme(scheme);
        for (const [name, path] of await pages(dashboard)) {
          for (const viewport of [DESKTOP, PHONE]) {
            await dashboard.page.setViewportSize(viewport);
            await dashboard.go(path);
            const where = `${path}, ${scheme}, ${viewport.width} px`;
            // Colours are the same on a phone; its structure is looked at once.
            if (viewport === DESKTOP || scheme === 'light') {
              assert.deepEqual(await dashboard.accessibilityProblems(), [], where);
            }
            assert.ok((await dashboard.overflow()) <= 0, `wider than the screen: ${where}`);
            await dashboard.picture(`${name}-${scheme}-${viewport.width}`);
          }
        }
        await dashboard.page.setViewportSize(DESKTOP);
        await dashboard.setScheme('light');
      },
    })),
    {
      name: 'Dark can be chosen, from the first paint on, and the system followed again',
      run: async (dashboard) => {
        await dashboard.go('/');
        await dashboard.page.getByText('Dark', { exact: true }).click({ force: true });
        assert.equal(await scheme(dashboard), 'dark');
        await dashboard.page.goto('/runs', { waitUntil: 'commit' });
        await dashboard.page.locator('body').waitFor({ state: 'attached' });
        assert.equal(await scheme(dashboard), 'dark');
        await dashboard.settled();
        await dashboard.page.getByText('Like the system', { exact: true }).click({ force: true });
        assert.equal(await scheme(dashboard), 'light');
      },
    },
    {
      name: 'The keyboard reaches the content and the navigation',
      run: async (dashboard) => {
        await dashboard.go('/');
        await dashboard.page.keyboard.press('Tab');
        assert.equal(await focused(dashboard), 'Skip to the content');
        await dashboard.page.keyboard.press('Enter');
        assert.equal(await dashboard.page.evaluate(() => document.activeElement?.id), 'main');
        await dashboard.page.getByRole('link', { name: 'Runs', exact: true }).focus();
        await dashboard.page.keyboard.press('Enter');
        await dashboard.heading('Runs').waitFor();
      },
    },
    {
      name: 'On a phone the navigation opens and leads on',
      run: async (dashboard) => {
        await dashboard.page.setViewportSize(PHONE);
        await dashboard.go('/');
        await dashboard.button('Open navigation').click();
        await dashboard.page.getByRole('link', { name: 'Repository', exact: true }).click();
        await dashboard.heading('Repository').waitFor();
        await dashboard.button('Open navigation').waitFor();
        await dashboard.page.setViewportSize(DESKTOP);
      },
    },
    {
      name: 'The page of the REST API opens',
      run: async (dashboard) => {
        const answer = await dashboard.page.request.get('/swagger-ui.html');
        assert.equal(answer.status(), 200);
        const description = await dashboard.page.request.get('/v3/api-docs');
        assert.equal(((await description.json()) as { info: { title: string } }).info.title, 'Nightjar');
      },
    },
  ];
}

function scheme(dashboard: Dashboard): Promise<string | null> {
  return dashboard.page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'));
}

function focused(dashboard: Dashboard): Promise<string | undefined> {
  return dashboard.page.evaluate(() => document.activeElement?.textContent);
}
