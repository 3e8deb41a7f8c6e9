import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { point } from '../../dev/api/data';
import { FakeApi } from '../../dev/api/fake';
import { renderPage } from '../test/renderPage';

function pageOf(shown: ReturnType<typeof point>) {
  const api = FakeApi.filled();
  api.points = [shown];
  renderPage(`/points/${shown.id}`, api);
}

describe('a point of a disk that could not be read everywhere', () => {
  it('says how much is missing and where', async () => {
    const damaged = Array.from({ length: 12 }, (_, i) => ({ offset: i * 65_536, length: 512 }));
    pageOf(point(1, { damaged, damagedBytes: 12 * 512 }));
    const notice = await screen.findByRole('note');
    expect(notice).toHaveTextContent('6 KiB of the disk could not be read');
    expect(notice).toHaveTextContent('512 B at offset 65536');
    expect(notice).toHaveTextContent('and 2 more places');
  });

  it('says nothing of a whole one', async () => {
    pageOf(point(1));
    expect(await screen.findByText('Fingerprint')).toBeInTheDocument();
    expect(screen.queryByRole('note')).not.toBeInTheDocument();
  });
});
