import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeApi, problem } from '../../dev/api/fake';
import { renderPage } from '../test/renderPage';

describe('adding a machine', () => {
  it('asks for what is missing and sends nothing', async () => {
    const { user, requests } = renderPage('/machines/new');
    await user.click(await screen.findByRole('button', { name: 'Add the machine' }));
    expect(screen.getByText('Give the machine a name')).toBeInTheDocument();
    expect(screen.getByText(/Where is the QMP socket/)).toBeInTheDocument();
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  it('shows what a failed test says, and the disks once it works', async () => {
    let socketExists = false;
    const { user } = renderPage('/machines/new', new FakeApi(), (request) =>
      request.url.endsWith('/probe') && !socketExists
        ? problem(422, 'QMP_UNREACHABLE', 'No such socket: /nowhere.', 'Start QEMU with -qmp unix:…')
        : undefined,
    );
    const socket = await screen.findByLabelText(/QMP socket/);
    await user.type(socket, '/nowhere');
    await user.click(screen.getByRole('button', { name: 'Test connection' }));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('No such socket: /nowhere.');
    expect(alert).toHaveTextContent('Start QEMU with -qmp unix:…');
    expect(alert).toHaveTextContent('QMP_UNREACHABLE');

    socketExists = true;
    await user.clear(socket);
    await user.type(socket, '/run/qmp.sock');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Test connection' }));
    const disks = await screen.findByRole('table', { name: 'Disks found' });
    expect(within(disks).getByText('16 GiB')).toBeInTheDocument();
    expect(within(disks).getByText('extended headers')).toBeInTheDocument();
  });

  it('saves and leads to the machine', async () => {
    const { user, router, requests } = renderPage('/machines/new', new FakeApi());
    await user.type(await screen.findByLabelText(/^Name/), 'web-02');
    await user.type(screen.getByLabelText(/QMP socket/), '/run/qmp.sock');
    await user.click(screen.getByRole('button', { name: 'Add the machine' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'web-02' })).toBeInTheDocument();
    expect(router.state.location.pathname).toMatch(/^\/machines\/[0-9a-f-]{36}$/);
    const sent = requests.find(({ method }) => method === 'POST');
    expect(await sent?.json()).toEqual({
      name: 'web-02',
      description: '',
      source: { type: 'qmp', socket: '/run/qmp.sock', disks: [] },
    });
  });

  it('puts the service’s objections at their fields', async () => {
    const { user } = renderPage('/machines/new', new FakeApi(), (request) =>
      request.method === 'POST'
        ? problem(400, 'VALIDATION_FAILED', 'The machine is not valid.', undefined, {
            fieldErrors: [{ field: 'source.disks[0].uri', message: 'Not an NBD address' }],
          })
        : undefined,
    );
    await user.type(await screen.findByLabelText(/^Name/), 'web-02');
    await user.click(screen.getByRole('radio', { name: 'NBD export' }));
    await user.type(screen.getByRole('textbox', { name: /^Disk/ }), 'vda');
    const uri = screen.getByLabelText(/NBD address/);
    await user.type(uri, 'http://host');
    await user.click(screen.getByRole('button', { name: 'Add the machine' }));
    expect(await screen.findByText('Not an NBD address')).toBeInTheDocument();
    expect(uri).toBeInvalid();
  });
});
