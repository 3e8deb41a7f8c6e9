import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { point, repository } from '../../dev/api/data';
import { FakeApi } from '../../dev/api/fake';
import { renderPage } from '../test/renderPage';
import { endOfDay, inDays } from './lock';

function withTarget() {
  const api = FakeApi.filled();
  api.repositories = [repository(), repository({ id: 'second', name: 'Offsite', role: 'TARGET' })];
  return api;
}

describe('a recovery point', () => {
  it('is locked through a day, for which it says who keeps the lock', async () => {
    const api = withTarget();
    const { user, requests } = renderPage(`/points/${point(0).id}`, api);
    await user.click(await screen.findByRole('button', { name: 'Lock' }));
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText('Only Nightjar keeps the lock')).toBeInTheDocument();
    await user.click(within(dialog).getByRole('button', { name: /^Lock until/ }));
    const sent = () => requests.find(({ url }) => url.includes('/lock?'));
    await waitFor(() => expect(sent()).toBeDefined());
    expect(await sent()?.json()).toEqual({ until: endOfDay(inDays(30)) });
    expect(await screen.findByText(/^Locked until/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Delete' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Extend the lock' })).toBeInTheDocument();
  });

  it('says where else it is', async () => {
    renderPage(`/points/${point(0).id}`, withTarget());
    const table = await screen.findByRole('table', { name: 'Copies of this point' });
    expect(within(table).getByText('Not there')).toBeInTheDocument();
  });
});

describe('a copy', () => {
  const withCopy = () => {
    const api = withTarget();
    api.points = [...api.points, point(0, { repositoryId: 'second', copied: true })];
    return api;
  };

  it('is found from its original', async () => {
    const { user, router } = renderPage(`/points/${point(0).id}`, withCopy());
    await user.click(await screen.findByRole('link', { name: 'Is there' }));
    await waitFor(() => expect(router.state.location.search).toBe('?repositoryId=second'));
    expect(await screen.findByText('a copy from another repository')).toBeInTheDocument();
  });

  it('is restored from the repository that is chosen', async () => {
    const { user, requests } = renderPage('/points', withCopy());
    await user.click(await screen.findByRole('combobox', { name: 'Repository' }));
    await user.click(await screen.findByRole('option', { name: 'Offsite' }));
    const restore = await screen.findByRole('button', { name: /^Restore web-01/ });
    expect(
      screen.getAllByRole('link').some((link) => link.getAttribute('href')?.endsWith('repositoryId=second')),
    ).toBe(true);
    await user.click(restore);
    await user.click(await screen.findByRole('button', { name: 'Start the restore' }));
    const sent = () => requests.find(({ url }) => url.endsWith('/restores'));
    await waitFor(() => expect(sent()).toBeDefined());
    expect(await sent()?.json()).toMatchObject({ pointId: point(0).id, repositoryId: 'second' });
  });
});

describe('a second repository', () => {
  it('takes copies when it is told to, or now', async () => {
    const { user, router, requests } = renderPage('/repository/second', withTarget());
    expect(await screen.findByText('Not complete')).toBeInTheDocument();
    await user.click(screen.getByRole('combobox', { name: 'Copy recovery points here' }));
    await user.click(await screen.findByRole('option', { name: 'After each backup' }));
    const put = () => requests.find(({ method }) => method === 'PUT');
    await waitFor(() => expect(put()).toBeDefined());
    expect(await put()?.json()).toEqual({ when: 'AFTER_BACKUP', keepDays: 30 });
    await user.click(screen.getByRole('button', { name: 'Copy now' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/runs\//));
  });

  it('keeps copies of deleted points for as long as it is told to', async () => {
    const { user, requests } = renderPage('/repository/second', withTarget());
    const select = await screen.findByRole('combobox', { name: 'When its original is deleted' });
    expect(select).toHaveValue('Delete the copy after 30 days');
    await user.click(select);
    await user.click(await screen.findByRole('option', { name: 'Keep the copy' }));
    const put = () => requests.find(({ method }) => method === 'PUT');
    await waitFor(() => expect(put()).toBeDefined());
    expect(await put()?.json()).toEqual({ when: 'BY_HAND' });
  });

  it('is scrubbed by itself, not with the primary one', async () => {
    const { user, requests } = renderPage('/repository/second', withTarget());
    await user.click(await screen.findByRole('button', { name: 'Scrub everything now' }));
    const post = () => requests.find(({ method }) => method === 'POST');
    await waitFor(() => expect(post()?.url).toMatch(/scrub\?repositoryId=second$/));
  });
});
