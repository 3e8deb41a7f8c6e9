import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import * as data from '../../dev/api/data';
import { FakeApi } from '../../dev/api/fake';
import { renderPage } from '../test/renderPage';

describe('scrubbing', () => {
  it('says when what is stored was proven, and that no damage is known', async () => {
    renderPage('/repository');
    expect(await screen.findByText('No damage is known')).toBeInTheDocument();
    expect(await screen.findByText('3 of 58 packs')).toBeInTheDocument();
    expect(screen.getByText('30 days')).toBeInTheDocument();
  });

  it('lists what damage reaches, and what is wrong with which pack', async () => {
    renderPage('/repository', FakeApi.damaged());
    const points = await screen.findByRole('table', { name: 'Recovery points that damage reaches' });
    expect(within(points).getAllByRole('row')).toHaveLength(3);
    expect(points).toHaveTextContent('64 KiB at offset 65536');
    expect(points).toHaveTextContent('and 1 more place');
    const packs = screen.getByRole('table', { name: 'Damaged packs' });
    expect(packs).toHaveTextContent('missing');
    expect(screen.getByRole('note')).toHaveTextContent('Damage reaches 2 recovery points, 896 KiB in all');
  });

  it('begins at the press of a button and shows the run', async () => {
    const { user, router, api } = renderPage('/repository');
    await user.click(await screen.findByRole('button', { name: 'Scrub everything now' }));
    expect(await screen.findByRole('heading', { level: 1, name: /Scrub/ })).toBeInTheDocument();
    expect(api.runs[0]?.kind).toBe('SCRUB');
    expect(router.state.location.pathname).toBe(`/runs/${api.runs[0]?.id}`);
  });
});

describe('a point that damage reaches', () => {
  it('says so, and where', async () => {
    const api = FakeApi.damaged();
    const reached = api.damage.points[0];
    renderPage(`/points/${reached?.id}`, api);
    expect(await screen.findByText('Damaged')).toBeInTheDocument();
    const notice = screen.getByRole('note');
    expect(notice).toHaveTextContent('448 KiB of this point are damaged in the repository');
    expect(notice).toHaveTextContent('256 KiB at offset 12582912');
  });

  it('is called complete otherwise', async () => {
    renderPage(`/points/${data.point(1).id}`, FakeApi.damaged());
    expect(await screen.findByText('Complete')).toBeInTheDocument();
    expect(screen.queryByRole('note')).not.toBeInTheDocument();
  });
});
