import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { vi } from 'vitest';
import { FakeApi } from '../../dev/api/fake';
import { LiveRuns } from '../api/live';
import { createQueryClient } from '../app/queryClient';
import { routes } from '../app/routes';
import { theme } from '../app/theme';
import { FakeEventSource } from './FakeEventSource';

/** The whole dashboard at an address, in front of the fake API. `answer` may step in before the fake. */
export function renderPage(
  address: string,
  api: FakeApi = FakeApi.filled(),
  answer: (request: Request) => Response | undefined = () => undefined,
) {
  const requests: Request[] = [];
  FakeEventSource.opened = [];
  vi.stubGlobal('EventSource', FakeEventSource);
  vi.stubGlobal('fetch', (request: Request) => {
    requests.push(request.clone());
    return Promise.resolve(answer(request) ?? api.handle(request));
  });
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={createQueryClient()}>
        <LiveRuns>
          <ModalsProvider>
            <Notifications />
            <RouterProvider router={router} />
          </ModalsProvider>
        </LiveRuns>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { router, requests, user: userEvent.setup(), api };
}
