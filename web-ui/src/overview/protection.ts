import type { MachineProtection, Protection } from '../api/model';
import type { Tone } from '../ui/StatusBadge';

export const protectionWords: Record<Protection, { text: string; tone: Tone; meaning: string }> = {
  PROTECTED: { text: 'Protected', tone: 'good', meaning: 'The last backup is complete and recent' },
  STALE: { text: 'Stale', tone: 'warn', meaning: 'The last complete backup is older than it should be' },
  FAILED: { text: 'Failed', tone: 'bad', meaning: 'The last backup failed' },
  NEVER: { text: 'Never backed up', tone: 'idle', meaning: 'There is no recovery point yet' },
};

const order: Record<Protection, number> = { FAILED: 0, STALE: 1, NEVER: 2, PROTECTED: 3 };

/** Those that need somebody first. */
export function byUrgency(machines: readonly MachineProtection[]): MachineProtection[] {
  return [...machines].sort((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
}

/** One sentence for the whole site. */
export function verdict(machines: readonly MachineProtection[]): { tone: Tone; text: string } {
  const total = machines.length;
  const safe = machines.filter(({ state }) => state === 'PROTECTED').length;
  if (safe === total) {
    return {
      tone: 'good',
      text: total === 1 ? 'Your machine is protected' : `All ${total} machines are protected`,
    };
  }
  const failed = machines.some(({ state }) => state === 'FAILED');
  return { tone: failed ? 'bad' : 'warn', text: `${safe} of ${total} machines protected` };
}
