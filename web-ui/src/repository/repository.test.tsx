import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { PASSPHRASE, RECOVERY_KEY, repository } from '../../dev/api/data';
import { FakeApi } from '../../dev/api/fake';
import { renderPage } from '../test/renderPage';

const ENCRYPTED = { encrypted: true, unlocking: 'BY_HAND' } as const;

function apiWith(...repositories: FakeApi['repositories']) {
  const api = FakeApi.filled();
  api.repositories = repositories;
  return api;
}

describe('the first repository', () => {
  it('is what the overview asks for', async () => {
    const { user, router } = renderPage('/', FakeApi.fresh());
    await user.click(await screen.findByRole('link', { name: 'Create the repository' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/repository/new'));
    expect(await screen.findByRole('textbox', { name: /^Directory/ })).toHaveValue(
      '/var/lib/nightjar/repository',
    );
    expect(screen.getByRole('checkbox', { name: 'Encrypt the repository' })).toBeChecked();
  });

  it('is made only once its recovery key is kept', async () => {
    const { user, router, requests, api } = renderPage('/repository/new', FakeApi.fresh());
    await user.type(await screen.findByLabelText(/^Passphrase/), PASSPHRASE);
    await user.type(screen.getByLabelText(/^The same again/), PASSPHRASE);
    await user.click(screen.getByRole('button', { name: 'Create the repository' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText(RECOVERY_KEY)).toBeInTheDocument();
    const create = within(dialog).getByRole('button', { name: 'Create the repository' });
    expect(create).toBeDisabled();
    expect(api.repositories).toEqual([]);
    await user.click(within(dialog).getByRole('checkbox'));
    await user.click(create);
    await waitFor(() => expect(router.state.location.pathname).toBe('/'));
    const posted = requests.find(({ method, url }) => method === 'POST' && url.endsWith('/repositories'));
    expect(await posted?.json()).toEqual({
      place: { type: 'directory', directory: '/var/lib/nightjar/repository' },
      encryption: { passphrase: PASSPHRASE, keepKey: false, recoveryKey: RECOVERY_KEY },
    });
  });

  it('needs a passphrase that is long enough and typed twice', async () => {
    const { user } = renderPage('/repository/new', FakeApi.fresh());
    await user.type(await screen.findByLabelText(/^Passphrase/), 'short');
    await user.click(screen.getByRole('button', { name: 'Create the repository' }));
    expect(await screen.findByText('At least 12 characters')).toBeInTheDocument();
    expect(screen.getByText('This is not the same')).toBeInTheDocument();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('in a bucket, not encrypted, is asked for as it was typed', async () => {
    const { user, requests } = renderPage('/repository/new', FakeApi.fresh());
    await user.click(await screen.findByText('S3 bucket'));
    await user.type(screen.getByLabelText(/^Bucket/), 'backups');
    await user.type(screen.getByLabelText(/^Endpoint/), 'https://s3.example.org');
    await user.type(screen.getByLabelText(/^Access key/), 'me');
    await user.type(screen.getByLabelText(/^Secret key/), 'hush');
    await user.click(screen.getByRole('checkbox', { name: 'Encrypt the repository' }));
    await user.click(screen.getByRole('button', { name: 'Create the repository' }));
    const sent = () => requests.find(({ method, url }) => method === 'POST' && url.endsWith('/repositories'));
    await waitFor(() => expect(sent()).toBeDefined());
    expect(await sent()?.json()).toEqual({
      place: {
        type: 's3',
        bucket: 'backups',
        endpoint: 'https://s3.example.org',
        accessKey: 'me',
        secretKey: 'hush',
        pathStyle: true,
      },
    });
  });
});

describe('a locked repository', () => {
  it('is unlocked from the overview', async () => {
    const api = apiWith(repository({ ...ENCRYPTED, state: 'LOCKED' }));
    const { user } = renderPage('/', api);
    await user.click(await screen.findByRole('button', { name: 'Unlock' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText(/^Passphrase ?\*/), 'something else');
    await user.click(within(dialog).getByRole('button', { name: 'Unlock' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('PASSPHRASE_WRONG');
    await user.clear(within(dialog).getByLabelText(/^Passphrase ?\*/));
    await user.type(within(dialog).getByLabelText(/^Passphrase ?\*/), PASSPHRASE);
    await user.click(within(dialog).getByRole('button', { name: 'Unlock' }));
    await waitFor(() => expect(screen.queryByText(/nothing is backed up until/)).not.toBeInTheDocument());
    expect(api.repositories[0]?.state).toBe('OPEN');
  });
});

describe('an encrypted repository', () => {
  it('is locked after a confirmation', async () => {
    const api = apiWith(repository(ENCRYPTED));
    const { user } = renderPage('/repository', api);
    await user.click(await screen.findByRole('button', { name: 'Lock' }));
    await user.click(await screen.findByRole('button', { name: 'Lock it' }));
    expect(await screen.findByText('The repository is locked')).toBeInTheDocument();
  });

  it('gets another passphrase', async () => {
    const { user, requests } = renderPage('/repository', apiWith(repository(ENCRYPTED)));
    await user.click(await screen.findByRole('button', { name: 'Change passphrase' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText(/^Current passphrase/), PASSPHRASE);
    await user.type(within(dialog).getByLabelText(/^New passphrase/), 'another twelve letters');
    await user.type(within(dialog).getByLabelText(/^The same again/), 'another twelve letters');
    await user.click(within(dialog).getByRole('button', { name: 'Change it' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    const put = requests.find(({ method }) => method === 'PUT');
    expect(await put?.json()).toEqual({
      currentPassphrase: PASSPHRASE,
      passphrase: 'another twelve letters',
    });
  });
});

describe('another repository', () => {
  const other = repository({
    id: 'other',
    name: 'Off-site',
    role: 'TARGET',
    kind: 'S3',
    location: 's3://b/',
  });

  it('is listed, and taken from the list after a confirmation', async () => {
    const api = apiWith(repository(), other);
    const { user, router } = renderPage('/repository', api);
    await user.click(await screen.findByRole('link', { name: 'Off-site' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Off-site' })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Take from the list' }));
    await user.click(await screen.findByRole('button', { name: 'Take it from the list' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/repository'));
    expect(api.repositories).toHaveLength(1);
  });

  it('that cannot be opened says why', async () => {
    const error = { code: 'STORE_UNAVAILABLE', message: 'It does not answer.', hint: 'Is it up?' };
    const broken = { ...other, state: 'UNAVAILABLE', error, contents: undefined } as const;
    renderPage('/repository/other', apiWith(repository(), broken));
    expect(await screen.findByRole('alert')).toHaveTextContent('STORE_UNAVAILABLE');
  });

  it('becomes the primary one after a confirmation', async () => {
    const api = apiWith(repository(), { ...other });
    const { user, router } = renderPage('/repository/other', api);
    await user.click(await screen.findByRole('button', { name: 'Make it the primary one' }));
    await user.click(await screen.findByRole('button', { name: 'Back up there' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/repository'));
    expect(api.repositories.map(({ role }) => role)).toEqual(['TARGET', 'PRIMARY']);
  });

  it('in a bucket gets another access key', async () => {
    const { user, requests } = renderPage('/repository/other', apiWith(repository(), { ...other }));
    await user.click(await screen.findByRole('button', { name: 'Change access key' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByLabelText(/^Access key/), 'me');
    await user.type(within(dialog).getByLabelText(/^Secret key/), 'hush');
    await user.click(within(dialog).getByRole('button', { name: 'Change it' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    const put = requests.find(({ method }) => method === 'PUT');
    expect(await put?.json()).toEqual({ accessKey: 'me', secretKey: 'hush' });
  });
});
