import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { address, changed, point, served } from '../../dev/api/data';
import { FakeApi, problem } from '../../dev/api/fake';
import { renderPage } from '../test/renderPage';
import { toRequest } from './request';
import { whyNotKeep } from './words';

function apiWith(...exports: FakeApi['exports']) {
  const api = FakeApi.filled();
  api.exports = exports;
  return api;
}

describe('the point page', () => {
  it('says that the point is not served, and opens it writable', async () => {
    const { user, router, requests } = renderPage(`/points/${point(0).id}`, apiWith());
    const section = await screen.findByRole('region', { name: 'Boot / attach' });
    expect(await within(section).findByText(/not served/)).toBeInTheDocument();
    await user.click(within(section).getByRole('button', { name: 'Open' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByText('Writable'));
    await user.type(within(dialog).getByLabelText(/^Name/), 'try-it');
    await user.click(within(dialog).getByRole('button', { name: 'Open the export' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'try-it' })).toBeInTheDocument();
    expect(router.state.location.pathname).toMatch(/^\/exports\//);
    const posted = requests.find(({ method, url }) => method === 'POST' && url.endsWith('/exports'));
    expect(await posted?.json()).toEqual({
      pointId: point(0).id,
      repositoryId: point(0).repositoryId,
      writable: true,
      overlayLimitBytes: 10 * 1024 ** 3,
      name: 'try-it',
    });
  });

  it('lists only its own exports', async () => {
    renderPage(`/points/${point(1).id}`);
    const table = await screen.findByRole('table', { name: 'Exports of this point' });
    expect(within(table).getAllByRole('row')).toHaveLength(2);
    expect(within(table).getByRole('link', { name: 'web-01-vda-1' })).toBeInTheDocument();
  });

  it('shows why a point cannot be served', async () => {
    const { user } = renderPage(`/points/${point(0).id}`, apiWith(), (request) =>
      request.method === 'POST'
        ? problem(409, 'EXPORT_NAME_TAKEN', 'There is one.', 'Choose another.')
        : undefined,
    );
    await user.click(await screen.findByRole('button', { name: 'Open' }));
    await user.click(await screen.findByRole('button', { name: 'Open the export' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('EXPORT_NAME_TAKEN');
  });
});

describe('an export', () => {
  it('shows what to paste, for the network and for the host', async () => {
    const one = served(1, { addresses: [address('TCP'), address('UNIX')] });
    const { user } = renderPage(`/exports/${one.id}`, apiWith(one));
    const paste = await screen.findByRole('region', { name: 'Paste' });
    expect(within(paste).getByText(/nbdcopy --progress nbd:\/\/127/)).toBeInTheDocument();
    await user.click(within(paste).getByText('On the service’s host'));
    expect(within(paste).getByText(/nbdcopy --progress nbd\+unix/)).toBeInTheDocument();
    expect(within(paste).getAllByRole('button', { name: /^Copy: / })).toHaveLength(5);
  });

  it('names the certificates that clients need', async () => {
    const one = served(1, { addresses: [address('TCP', { tls: true, certificates: '/data/tls/client' })] });
    renderPage(`/exports/${one.id}`, apiWith(one));
    expect(await screen.findByText('/data/tls/client')).toBeInTheDocument();
  });

  it('is kept as a point after a confirmation', async () => {
    const one = changed(2);
    const { user, router, requests } = renderPage(`/exports/${one.id}`, apiWith(one));
    await user.click(await screen.findByRole('button', { name: 'Keep as a point' }));
    await user.click(await screen.findByRole('button', { name: 'Keep it' }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/runs\//));
    const kept = requests.findIndex(({ url }) => url.endsWith('/keep'));
    expect(kept).toBeGreaterThan(0);
    // It may be gone by then.
    expect(requests.slice(kept).filter(({ url }) => url.endsWith(`/exports/${one.id}`))).toEqual([]);
  });

  it('that cannot be kept after all stays on screen, and is asked for again', async () => {
    const one = changed(2);
    const { user, requests } = renderPage(`/exports/${one.id}`, apiWith(one), (request) =>
      request.url.endsWith('/keep') ? problem(409, 'EXPORT_BUSY', 'It is in use.', 'Wait.') : undefined,
    );
    await user.click(await screen.findByRole('button', { name: 'Keep as a point' }));
    await user.click(await screen.findByRole('button', { name: 'Keep it' }));
    expect(await screen.findByText(/EXPORT_BUSY/)).toBeInTheDocument();
    const kept = requests.findIndex(({ url }) => url.endsWith('/keep'));
    await waitFor(() =>
      expect(requests.slice(kept).some(({ url }) => url.endsWith(`/exports/${one.id}`))).toBe(true),
    );
  });

  it('is not kept while a machine runs from it', async () => {
    const one = changed(2, { statistics: { ...changed(2).statistics, clients: 1 } });
    const { user } = renderPage(`/exports/${one.id}`, apiWith(one));
    await user.click(await screen.findByRole('button', { name: 'Keep as a point' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('that was written to is discarded only with these words', async () => {
    const one = changed(2);
    const { user, router, api } = renderPage(`/exports/${one.id}`, apiWith(one));
    await user.click(await screen.findByRole('button', { name: 'Discard' }));
    expect(await screen.findByText(/310 MiB that were written are lost/)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Discard and close' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/exports'));
    expect(api.exports).toEqual([]);
  });

  it('that is read-only is closed and nothing lost', async () => {
    const one = served(1);
    const { user, api } = renderPage(`/exports/${one.id}`, apiWith(one));
    expect(screen.queryByRole('button', { name: 'Keep as a point' })).not.toBeInTheDocument();
    await user.click(await screen.findByRole('button', { name: 'Close export' }));
    await user.click(await screen.findByRole('button', { name: 'Close the export' }));
    await waitFor(() => expect(api.exports).toEqual([]));
  });

  it('that cannot be served says why', async () => {
    const one = changed(2, {
      state: 'UNAVAILABLE',
      overlay: undefined,
      addresses: [],
      error: { code: 'OVERLAY_DAMAGED', message: 'It is damaged.', hint: 'Discard it.' },
    });
    renderPage(`/exports/${one.id}`, apiWith(one));
    expect(await screen.findByRole('note')).toHaveTextContent('OVERLAY_DAMAGED');
  });
});

describe('what is asked for', () => {
  it('has a limit only if it can be written', () => {
    const point = { id: 'p', repositoryId: 'r' };
    expect(toRequest(point, { access: 'readOnly', limitGib: 5, name: ' ' })).toEqual({
      pointId: 'p',
      repositoryId: 'r',
      writable: false,
    });
  });
});

describe('keeping', () => {
  it('waits for something to keep', () => {
    const untouched = { usedBytes: 0, limitBytes: 1, changed: false };
    expect(whyNotKeep(changed(2, { overlay: untouched }))).toBe('Nothing was written yet.');
    expect(whyNotKeep(changed(2))).toBeUndefined();
  });
});

describe('an export of a node that is gone', () => {
  it('is served from this one on request if it is read-only', async () => {
    const one = served(1, { state: 'ORPHANED', node: 'backup-2', addresses: [] });
    const { user } = renderPage(`/exports/${one.id}`, apiWith(one));
    expect(await screen.findByText('backup-2')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Serve it from this node' }));
    expect(await screen.findByText('Open')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Serve it from this node' })).not.toBeInTheDocument();
  });

  it('can only be discarded if it is writable', async () => {
    const one = served(1, { state: 'ORPHANED', writable: true, addresses: [] });
    renderPage(`/exports/${one.id}`, apiWith(one));
    expect(await screen.findByRole('button', { name: 'Discard' })).toBeEnabled();
    expect(screen.queryByRole('button', { name: 'Serve it from this node' })).not.toBeInTheDocument();
  });
});
