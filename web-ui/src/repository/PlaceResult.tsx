import { Button, Stack } from '@mantine/core';
import type { ProbedPlace } from '../api/model';
import { bytes } from '../format/bytes';
import { Facts } from '../ui/Facts';
import { Notice } from '../ui/Notice';

const titles: Record<ProbedPlace['contents'], string> = {
  EMPTY: 'A repository can be made here',
  REPOSITORY: 'There is a repository already',
  OTHER_FILES: 'There is something else here: choose an empty place',
};

interface PlaceResultProps {
  place: ProbedPlace;
  onAdd: () => void;
  adding: boolean;
}

/** What "Test the place" found. */
export function PlaceResult({ place, onAdd, adding }: PlaceResultProps) {
  const { contents, encrypted, objectLock, freeBytes, warnings, location } = place;
  return (
    <Notice title={titles[contents]}>
      <Stack gap="sm">
        <Facts
          facts={[
            { label: 'Place', value: <code>{location}</code> },
            { label: 'Free', value: freeBytes === undefined ? undefined : bytes(freeBytes) },
            {
              label: 'Encryption',
              value: contents === 'REPOSITORY' ? (encrypted ? 'AES-256-GCM' : 'None') : undefined,
            },
            { label: 'Object lock', value: objectLock ? 'Offered by the bucket' : undefined },
          ]}
        />
        {warnings.map((warning) => (
          <p key={warning}>{warning}</p>
        ))}
        {contents === 'REPOSITORY' && (
          <div>
            <Button onClick={onAdd} loading={adding}>
              Add this repository
            </Button>
          </div>
        )}
      </Stack>
    </Notice>
  );
}
