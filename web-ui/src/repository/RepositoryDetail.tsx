import { Card, Stack } from '@mantine/core';
import type { RepositoryContents, RepositoryInfo } from '../api/model';
import { bytes, count } from '../format/bytes';
import { ErrorBox } from '../ui/ProblemAlert';
import { Facts } from '../ui/Facts';
import { Notice } from '../ui/Notice';
import { Stat, Stats } from '../ui/Stat';
import { StatusBadge } from '../ui/StatusBadge';
import { When } from '../ui/When';
import { encryptionWord, kindWords, stateWords, unlockingWords } from './words';

/** How a repository stands, what is in it, and its facts. */
export function RepositoryDetail({ repository }: { repository: RepositoryInfo }) {
  const { contents, error, state } = repository;
  return (
    <Stack gap={28}>
      {error && (
        <ErrorBox
          title="The repository cannot be opened"
          message={error.message}
          code={error.code}
          hint={error.hint}
        />
      )}
      {state === 'LOCKED' && (
        <Notice title="The repository is locked">
          Nothing is backed up, restored or served until somebody unlocks it. Deleting recovery points and
          freeing space work without the key.
        </Notice>
      )}
      {contents?.catalog === 'NEEDS_REBUILD' && (
        <Notice title="The catalog does not know what the repository holds">
          The database is new or from an old copy. Rebuild the catalog, below, to bring the recovery points
          back.
        </Notice>
      )}
      {contents && <Contents contents={contents} />}
      <Card>
        <RepositoryFacts repository={repository} />
      </Card>
    </Stack>
  );
}

function Contents({ contents }: { contents: RepositoryContents }) {
  return (
    <Stats>
      <Stat label="Stored" value={bytes(contents.bytes)} note="in packs" />
      <Stat label="Packs" value={count(contents.packs)} />
      <Stat label="Recovery points" value={count(contents.points)} />
      <Stat
        label="Distinct chunks, map nodes"
        value={count(contents.chunks)}
        note={`of ${bytes(contents.chunkSize)}`}
      />
    </Stats>
  );
}

function lockWords(objectLock: boolean): string {
  return objectLock ? 'The bucket can keep objects from being deleted' : 'Not offered by the bucket';
}

function RepositoryFacts({ repository }: { repository: RepositoryInfo }) {
  const { contents, encrypted, objectLock, kind, accessKey, configured } = repository;
  const { text, tone } = stateWords[repository.state];
  return (
    <Facts
      facts={[
        { label: 'State', value: <StatusBadge tone={tone}>{text}</StatusBadge> },
        { label: 'Location', value: <code>{repository.location}</code> },
        { label: 'Kind', value: kindWords[kind] },
        { label: 'Encryption', value: encryptionWord(repository) },
        { label: 'Unlocking', value: encrypted === false ? undefined : unlockingWords[repository.unlocking] },
        { label: 'Access key', value: accessKey && <code>{accessKey}</code> },
        {
          label: 'Object lock',
          value: kind === 'S3' && objectLock !== undefined ? lockWords(objectLock) : undefined,
        },
        {
          label: 'Chosen by',
          value: configured ? 'the service’s configuration' : 'the dashboard or the API',
        },
        { label: 'Chunk size', value: contents && bytes(contents.chunkSize) },
        { label: 'Format version', value: contents?.formatVersion },
        { label: 'Here since', value: <When instant={repository.createdAt} full /> },
        { label: 'Repository id', value: <code>{repository.id}</code> },
      ]}
    />
  );
}
