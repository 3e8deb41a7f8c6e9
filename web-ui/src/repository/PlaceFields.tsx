import { Checkbox, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { RepositoryFields } from './place';

/** Where the repository is to be. */
export function PlaceFields({ form }: { form: UseFormReturnType<RepositoryFields> }) {
  const plain = { spellCheck: false, autoComplete: 'off' } as const;
  return (
    <Stack gap="md">
      <div>
        <Text component="h2" fw={650} id="place-kind">
          Place
        </Text>
        <SegmentedControl
          mt={8}
          aria-labelledby="place-kind"
          data={[
            { value: 'directory', label: 'Directory' },
            { value: 's3', label: 'S3 bucket' },
          ]}
          {...form.getInputProps('kind')}
        />
      </div>
      {form.values.kind === 'directory' ? (
        <TextInput
          label="Directory"
          description="On the service’s host; made if it is missing. Another disk than the machines’ is a good idea."
          placeholder="/srv/nightjar"
          required
          {...plain}
          {...form.getInputProps('directory')}
        />
      ) : (
        <>
          <TextInput
            label="Bucket"
            description="It has to exist; Amazon S3, Ceph, MinIO and others that keep what If-None-Match promises"
            placeholder="backups"
            required
            {...plain}
            {...form.getInputProps('bucket')}
          />
          <TextInput
            label="Prefix"
            description="For a repository beside other things; empty for the whole bucket"
            placeholder="nightjar"
            {...plain}
            {...form.getInputProps('prefix')}
          />
          <TextInput
            label="Endpoint"
            description="Empty for Amazon S3"
            placeholder="https://s3.example.org:9000"
            {...plain}
            {...form.getInputProps('endpoint')}
          />
          <TextInput
            label="Region"
            description="Empty for us-east-1, which stores without regions take"
            placeholder="eu-central-1"
            {...plain}
            {...form.getInputProps('region')}
          />
          <TextInput
            label="Access key"
            description="Empty, with the secret, to use the environment’s or the host’s role"
            {...plain}
            {...form.getInputProps('accessKey')}
          />
          <PasswordInput
            label="Secret key"
            description="Kept encrypted, and never shown again"
            visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            {...plain}
            {...form.getInputProps('secretKey')}
          />
          {form.values.endpoint.trim() !== '' && (
            <Checkbox
              label="The bucket stands in the host’s name"
              description="As with Amazon; most other stores want it in the path"
              {...form.getInputProps('hostStyle', { type: 'checkbox' })}
            />
          )}
        </>
      )}
    </Stack>
  );
}
