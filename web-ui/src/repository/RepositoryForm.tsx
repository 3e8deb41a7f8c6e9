import { Button, Card, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlugConnected } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import type { RepositoryInfo } from '../api/model';
import { ApiProblem } from '../api/problem';
import { useCommand } from '../api/queries';
import { applyFieldErrors } from '../ui/applyFieldErrors';
import { notifyDone } from '../ui/notify';
import { ProblemAlert } from '../ui/ProblemAlert';
import { PassphraseFields } from './PassphraseFields';
import { emptyFields, inForm, toCreation, toPlace, type RepositoryFields } from './place';
import { PlaceFields } from './PlaceFields';
import { PlaceResult } from './PlaceResult';
import { characters } from './strength';
import { RecoveryKeyDialog } from './RecoveryKeyDialog';
import { KeepKeyCheckbox } from './UnlockDialog';

interface RepositoryFormProps {
  /** What to suggest. */
  directory: string;
  shortest: number;
  first: boolean;
}

/** Makes a repository, or adds one that is there. An encrypted one is made only once its recovery key is kept. */
export function RepositoryForm({ directory, shortest, first }: RepositoryFormProps) {
  const navigate = useNavigate();
  const probe = useCommand('probePlace');
  const fresh = useCommand('newRecoveryKey');
  const create = useCommand('createRepository');
  const add = useCommand('addRepository');
  const form = useForm<RepositoryFields>({
    initialValues: emptyFields(directory),
    validate: {
      directory: (value, { kind }) =>
        kind === 'directory' && !value.trim().startsWith('/')
          ? 'An absolute path, such as /srv/nightjar'
          : null,
      bucket: (value, { kind }) => (kind === 's3' && value.trim() === '' ? 'Which bucket?' : null),
      passphrase: (value, { encrypted }) =>
        encrypted && characters(value) < shortest ? `At least ${shortest} characters` : null,
      again: (value, { encrypted, passphrase }) =>
        encrypted && value !== passphrase ? 'This is not the same' : null,
    },
    onValuesChange: () => {
      create.reset();
      add.reset();
    },
  });

  const done = (repository: RepositoryInfo, said: string) => {
    notifyDone(said);
    void navigate(first ? '/' : `/repository/${repository.id}`);
  };
  const refused = (error: Error) => {
    fresh.reset();
    applyFieldErrors(form, ApiProblem.from(error), inForm);
  };
  const found = probe.data?.contents === 'REPOSITORY';
  const make = (recoveryKey?: string) =>
    create.mutate(toCreation(form.getValues(), recoveryKey), {
      onSuccess: ({ repository }) =>
        done(repository, first ? 'The repository is there. Now add a machine.' : 'The repository is there.'),
      onError: refused,
    });
  const take = () => {
    const { name } = form.getValues();
    add.mutate(
      { ...(name.trim() === '' ? {} : { name: name.trim() }), place: toPlace(form.getValues()) },
      {
        onSuccess: (repository) =>
          done(
            repository,
            repository.state === 'LOCKED' ? 'It is added. Unlock it to use it.' : 'It is added.',
          ),
        onError: refused,
      },
    );
  };
  const test = () => {
    const { errors } = form.validate();
    if (errors.directory ?? errors.bucket) return;
    form.clearErrors();
    probe.mutate(toPlace(form.getValues()));
  };

  return (
    <>
      <form
        noValidate
        onSubmit={form.onSubmit(({ encrypted }) => (encrypted ? fresh.mutate(undefined) : make()))}
      >
        <Stack gap="lg" maw={760}>
          <Card>
            <Stack gap="md">
              <PlaceFields form={form} />
              <Group>
                <Button
                  variant="default"
                  leftSection={<IconPlugConnected size={17} aria-hidden />}
                  loading={probe.isPending}
                  onClick={test}
                >
                  Test the place
                </Button>
                <Text size="sm" c="dimmed">
                  Looks what is there and what the store really does; leaves nothing behind.
                </Text>
              </Group>
              <div aria-live="polite">
                {probe.error && (
                  <ProblemAlert title="This is no place for a repository" problem={probe.error} />
                )}
                {probe.data && <PlaceResult place={probe.data} onAdd={take} adding={add.isPending} />}
              </div>
            </Stack>
          </Card>
          {!first && (
            <Card>
              <TextInput
                label="Name"
                placeholder="Off-site"
                maxLength={100}
                {...form.getInputProps('name')}
              />
            </Card>
          )}
          {!found && (
            <Card>
              <Stack gap="md">
                <Text component="h2" fw={650}>
                  Encryption
                </Text>
                <Checkbox
                  label="Encrypt the repository"
                  description="AES-256-GCM, before anything leaves this host. Without the passphrase or the recovery key nobody can read the backups, you neither."
                  {...form.getInputProps('encrypted', { type: 'checkbox' })}
                />
                {form.values.encrypted ? (
                  <>
                    <PassphraseFields
                      label="Passphrase"
                      shortest={shortest}
                      passphrase={form.values.passphrase}
                      again={form.values.again}
                      onPassphrase={(text) => form.setFieldValue('passphrase', text)}
                      onAgain={(text) => form.setFieldValue('again', text)}
                      error={form.errors.passphrase}
                      againError={form.errors.again}
                    />
                    <KeepKeyCheckbox
                      checked={form.values.keepKey}
                      onChange={(keepKey) => form.setFieldValue('keepKey', keepKey)}
                    />
                  </>
                ) : (
                  <Text size="sm" c="dimmed">
                    Whoever can read the directory or the bucket can read every disk that is backed up.
                  </Text>
                )}
              </Stack>
            </Card>
          )}
          {(create.error ?? fresh.error) && (
            <ProblemAlert title="The repository is not made" problem={create.error ?? fresh.error} />
          )}
          {add.error && <ProblemAlert title="The repository is not added" problem={add.error} />}
          <Group>
            {!found && (
              <Button type="submit" loading={fresh.isPending || create.isPending}>
                Create the repository
              </Button>
            )}
            <Button component={Link} to="/repository" variant="default">
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
      {fresh.data && (
        <RecoveryKeyDialog
          recoveryKey={fresh.data.recoveryKey}
          loading={create.isPending}
          onKept={() => make(fresh.data.recoveryKey)}
          onCancel={() => fresh.reset()}
        />
      )}
    </>
  );
}
