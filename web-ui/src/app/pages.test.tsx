import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { node, point, repository, run } from '../../dev/api/data';
import { FakeApi, problem } from '../../dev/api/fake';
import { FakeEventSource } from '../test/FakeEventSource';
import { renderPage } from '../test/renderPage';

describe('the first day', () => {
  it.each([
    ['/', 'Protect your first machine'],
    ['/machines', 'No machine yet'],
    ['/policies', 'No policy yet'],
    ['/runs', 'Nothing has run yet'],
    ['/points', 'No recovery point yet'],
    ['/exports', 'Nothing is served'],
  ])('%s says what to do', async (address, heading) => {
    renderPage(address, new FakeApi());
    expect(await screen.findByRole('heading', { name: heading })).toBeInTheDocument();
  });
});

describe('a page', () => {
  it.each([
    ['/', 'Overview'],
    ['/machines', 'Machines'],
    [`/machines/${point(0).machineId}`, 'web-01'],
    ['/policies', 'Policies'],
    ['/runs', 'Runs'],
    ['/points', 'Recovery points'],
    [`/points/${point(0).id}`, 'web-01, disk vda'],
    ['/exports', 'Exports'],
    ['/repository', 'Repository'],
  ])('at %s has one title', async (address, title) => {
    renderPage(address);
    expect(await screen.findByRole('heading', { level: 1, name: title })).toBeInTheDocument();
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
  });

  it('that does not exist leads back', async () => {
    renderPage('/nowhere');
    expect(await screen.findByRole('link', { name: 'Go to the overview' })).toBeInTheDocument();
  });

  it('shows a problem with a way to try again', async () => {
    let broken = true;
    const { user } = renderPage('/repository', FakeApi.filled(), () =>
      broken
        ? problem(409, 'REPOSITORY_NOT_WRITABLE', 'Cannot write to /srv.', 'Give the service the right to.')
        : undefined,
    );
    expect(await screen.findByRole('alert')).toHaveTextContent('REPOSITORY_NOT_WRITABLE');
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('/var/lib/nightjar/repository')).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('the overview', () => {
  it('puts the machine that failed first', async () => {
    renderPage('/');
    const panel = await screen.findByRole('region', { name: 'Protection' });
    const [first] = within(panel).getAllByRole('listitem');
    expect(first).toHaveTextContent('db-01Failed');
    expect(panel).toHaveTextContent('1 of 2 machines protected');
  });

  it('shows the nodes when there are several', async () => {
    const api = FakeApi.filled();
    api.nodes = [node(1), node(2, { state: 'LOST', activeRuns: 3 })];
    renderPage('/', api);
    const table = await screen.findByRole('table', { name: 'Nodes' });
    expect(within(table).getByText('backup-1 (this one)')).toBeInTheDocument();
    expect(within(table).getAllByRole('row')[2]).toHaveTextContent(/backup-2.*Lost.*3/);
  });

  it('says nothing of a single node', async () => {
    const { requests } = renderPage('/');
    await waitFor(() => expect(requests.some(({ url }) => url.endsWith('/nodes'))).toBe(true));
    await screen.findByRole('region', { name: 'Protection' });
    expect(screen.queryByRole('table', { name: 'Nodes' })).not.toBeInTheDocument();
  });
});

describe('the runs', () => {
  it('are filtered by the address', async () => {
    renderPage('/runs?state=FAILED');
    const table = await screen.findByRole('table', { name: 'Runs' });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(within(table).getByText('Backup of db-01')).toBeInTheDocument();
  });
});

describe('the repository', () => {
  it('asks for a rebuild when the catalog was lost', async () => {
    const api = FakeApi.filled();
    api.repositories = [repository()];
    const contents = api.repositories[0]?.contents;
    if (contents) contents.catalog = 'NEEDS_REBUILD';
    renderPage('/repository', api);
    expect(await screen.findByRole('note')).toHaveTextContent('Rebuild the catalog');
  });

  it('says nothing of it otherwise', async () => {
    renderPage('/repository');
    await screen.findByText('/var/lib/nightjar/repository');
    expect(screen.queryByRole('note')).not.toBeInTheDocument();
  });
});

describe('a recovery point', () => {
  it('is restored to a file and leads to the run', async () => {
    const { user, router, requests } = renderPage(`/points/${point(0).id}`);
    await user.click(await screen.findByRole('button', { name: 'Restore' }));
    await user.click(await screen.findByRole('button', { name: 'Start the restore' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/runs\//));
    const sent = requests.find(({ url }) => url.endsWith('/restores'));
    expect(await sent?.json()).toMatchObject({
      pointId: point(0).id,
      target: {
        type: 'file',
        format: 'raw',
        path: expect.stringMatching(/^\/var\/lib\/nightjar\/restores\/web-01_vda_/) as string,
      },
    });
  });

  it('is deleted only after a confirmation', async () => {
    const { user, requests, router } = renderPage(`/points/${point(0).id}`);
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
    await user.click(await screen.findByRole('button', { name: 'Delete the point' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/points'));
    const deleted = requests.findIndex(({ method }) => method === 'DELETE');
    expect(deleted).toBeGreaterThan(-1);
    const askedAgain = requests.slice(deleted + 1).filter(({ url }) => url.endsWith(point(0).id));
    expect(askedAgain).toHaveLength(0);
  });

  it('is not asked for when a run ends while it is deleted', async () => {
    const { user, requests, router } = renderPage(
      `/points/${point(0).id}`,
      FakeApi.filled(),
      ({ method }) => {
        if (method === 'DELETE') FakeEventSource.latest.send('done', run(0));
        return undefined;
      },
    );
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    await user.click(await screen.findByRole('button', { name: 'Delete the point' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/points'));
    const deleted = requests.findIndex(({ method }) => method === 'DELETE');
    const askedAgain = requests.slice(deleted + 1).filter(({ url }) => url.includes(point(0).id));
    expect(askedAgain).toHaveLength(0);
  });
});
