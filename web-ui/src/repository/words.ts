import type { RepositoryInfo } from '../api/model';
import type { Tone } from '../ui/StatusBadge';

export const kindWords: Record<RepositoryInfo['kind'], string> = { DIRECTORY: 'Directory', S3: 'S3 bucket' };

export const stateWords: Record<RepositoryInfo['state'], { text: string; tone: Tone }> = {
  OPEN: { text: 'Open', tone: 'good' },
  LOCKED: { text: 'Locked', tone: 'warn' },
  UNAVAILABLE: { text: 'Unavailable', tone: 'bad' },
};

export const unlockingWords: Record<RepositoryInfo['unlocking'], string> = {
  NOT_NEEDED: 'Not needed',
  BY_HAND: 'By hand, after each start of the service',
  KEPT_KEY: 'By this appliance itself, with a key kept in its data directory',
  PASSPHRASE_FILE: 'By this appliance itself, with the passphrase in a configured file',
};

export function encryptionWord({ encrypted }: RepositoryInfo): string | undefined {
  return encrypted === undefined ? undefined : encrypted ? 'AES-256-GCM' : 'None';
}
