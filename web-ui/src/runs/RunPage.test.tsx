import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { disk, failed, MIB, run } from '../../dev/api/data';
import { FakeApi } from '../../dev/api/fake';
import { POLL_MILLIS } from '../api/live';
import { FakeEventSource } from '../test/FakeEventSource';
import { renderPage } from '../test/renderPage';

const running = (bytesDone: number) =>
  run(0, {
    state: 'RUNNING',
    phase: 'READING',
    finishedAt: undefined,
    bytesTotal: 400 * MIB,
    bytesDone,
    bytesPerSecond: 100 * MIB,
    etaSeconds: 2,
    phases: [
      { phase: 'PREPARING', millis: 100 },
      { phase: 'FREEZING', millis: 30 },
    ],
    pointIds: [],
  });

function apiWith(...runs: ReturnType<typeof run>[]) {
  const api = FakeApi.filled();
  api.runs = runs;
  return api;
}

describe('a run', () => {
  it('follows its events to the end', async () => {
    const started = running(100 * MIB);
    const { api } = renderPage(`/runs/${started.id}`, apiWith(started));
    expect(await screen.findByText('25 %')).toBeInTheDocument();
    expect(screen.getByText('about 2 s')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Cancel the run' })).toBeInTheDocument();

    act(() => FakeEventSource.latest.send('progress', running(200 * MIB)));
    expect(await screen.findByText('50 %')).toBeInTheDocument();

    api.runs = [run(0)];
    act(() => FakeEventSource.latest.send('done', run(0)));
    expect(await screen.findByText('100 %')).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('Complete');
    expect(screen.queryByRole('button', { name: 'Cancel the run' })).not.toBeInTheDocument();
    expect(await screen.findByRole('table', { name: 'Recovery points of this run' })).toBeInTheDocument();
  });

  it('is not brought back to life by a late event', async () => {
    const complete = run(0);
    renderPage(`/runs/${complete.id}`, apiWith(complete));
    expect(await screen.findByText('100 %')).toBeInTheDocument();
    act(() => FakeEventSource.latest.send('progress', running(200 * MIB)));
    expect(screen.getByText('100 %')).toBeInTheDocument();
  });

  it('is asked for once more when it ends, for an answer on its way may be older', async () => {
    const started = running(100 * MIB);
    const { api, requests } = renderPage(`/runs/${started.id}`, apiWith(started));
    expect(await screen.findByText('25 %')).toBeInTheDocument();
    const asked = () => requests.filter(({ url }) => url.endsWith(started.id)).length;
    const before = asked();

    // Opening the stream asks for the run, which is answered as it is now: still running.
    act(() => FakeEventSource.latest.open());
    await waitFor(() => expect(asked()).toBe(before + 1));
    api.runs = [run(0)];
    act(() => FakeEventSource.latest.send('done', run(0)));
    await waitFor(() => expect(asked()).toBe(before + 2));
    expect(await screen.findByText('100 %')).toBeInTheDocument();
  });

  it('asks for its state while there are no events, and stops when they are back', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const started = running(100 * MIB);
      const { requests } = renderPage(`/runs/${started.id}`, apiWith(started));
      const asked = () => requests.filter(({ url }) => url.endsWith(started.id)).length;
      expect(await screen.findByText(/No live connection/)).toBeInTheDocument();
      const before = asked();
      await act(() => vi.advanceTimersByTimeAsync(3 * POLL_MILLIS));
      expect(asked()).toBeGreaterThanOrEqual(before + 2);

      act(() => FakeEventSource.latest.open());
      await waitFor(() => expect(screen.queryByText(/No live connection/)).not.toBeInTheDocument());
      await act(() => vi.advanceTimersByTimeAsync(10));
      const live = asked();
      await act(() => vi.advanceTimersByTimeAsync(3 * POLL_MILLIS));
      expect(asked()).toBe(live);
    } finally {
      vi.useRealTimers();
    }
  });

  it('opens a new stream when the old one is gone for good', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      renderPage(`/runs/${run(0).id}`, apiWith(run(0)));
      await screen.findByText('100 %');
      const streams = FakeEventSource.opened.length;
      act(() => FakeEventSource.latest.break(FakeEventSource.CLOSED));
      await act(() => vi.advanceTimersByTimeAsync(5_000));
      expect(FakeEventSource.opened.length).toBe(streams + 1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('shows code, message and hint of a failure', async () => {
    renderPage(`/runs/${failed().id}`, apiWith(failed()));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('NBD_CONTEXT_MISSING');
    expect(alert).toHaveTextContent('does not offer qemu:dirty-bitmap:daily');
    expect(alert).toHaveTextContent('Name a bitmap that the export offers');
  });

  it('gives the reason of a full read', async () => {
    const full = run(0, {
      disks: [
        disk({
          mode: 'FULL',
          reason: { code: 'BITMAP_MISSING', message: 'The checkpoint’s bitmap is gone.' },
        }),
      ],
    });
    renderPage(`/runs/${full.id}`, apiWith(full));
    const disks = await screen.findByRole('table', { name: 'Disks of the run' });
    expect(within(disks).getByText('Full')).toBeInTheDocument();
    expect(within(disks).getByText('The checkpoint’s bitmap is gone.')).toHaveAttribute(
      'title',
      'BITMAP_MISSING',
    );
  });
});
