import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderPage } from '../test/renderPage';

const preview = () => screen.findByRole('region', { name: 'Next five runs' });

describe('making a policy', () => {
  it('shows the next five runs', async () => {
    renderPage('/policies/new');
    const region = await preview();
    await waitFor(() => expect(within(region).getAllByRole('listitem')).toHaveLength(5));
  });

  it('says inline what is wrong with a schedule, and recovers', async () => {
    const { user } = renderPage('/policies/new');
    const expression = await screen.findByLabelText(/Expression/);
    await user.clear(expression);
    await user.type(expression, 'every night');
    await waitFor(() => expect(expression).toBeInvalid());
    expect(screen.getByText(/“every night” is not a schedule. Write five fields/)).toBeInTheDocument();
    expect(within(await preview()).queryAllByRole('listitem')).toHaveLength(0);

    await user.clear(expression);
    await user.type(expression, '*/10 * * * *');
    const region = await preview();
    await waitFor(() => expect(within(region).getAllByRole('listitem')).toHaveLength(5));
    expect(expression).toBeValid();
  });

  it('sends the whole policy', async () => {
    const { user, requests, router } = renderPage('/policies/new');
    await user.type(await screen.findByLabelText(/^Name/), 'Hourly');
    await user.click(screen.getByRole('checkbox', { name: 'db-01' }));
    await user.click(screen.getByRole('button', { name: 'Make the policy' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/policies'));
    const sent = requests.find(({ method, url }) => method === 'POST' && url.endsWith('/policies'));
    expect(await sent?.json()).toMatchObject({
      name: 'Hourly',
      schedule: '0 2 * * *',
      keepLast: 14,
      onUnreadable: 'FAIL',
      enabled: true,
      machineIds: [expect.any(String) as string],
    });
  });
});
