import type { Export, ExportAddress, Snippet } from '../api/model';
import type { Tone } from '../ui/StatusBadge';

export const stateWords: Record<Export['state'], { text: string; tone: Tone }> = {
  OPEN: { text: 'Open', tone: 'good' },
  KEEPING: { text: 'Becoming a point', tone: 'busy' },
  UNAVAILABLE: { text: 'Not available', tone: 'bad' },
  ELSEWHERE: { text: 'On another node', tone: 'idle' },
  ORPHANED: { text: 'Its node is gone', tone: 'bad' },
};

export const snippetWords: Record<Snippet['kind'], { title: string; note: string }> = {
  QEMU_BLOCKDEV: { title: 'QEMU, with -blockdev', note: 'Add to QEMU’s command line.' },
  QEMU_DRIVE: { title: 'QEMU, with -drive', note: 'Shorter, for trying things out.' },
  LIBVIRT: { title: 'libvirt', note: 'Paste below <devices> with virsh edit.' },
  NBDCOPY: { title: 'Copy with nbdcopy', note: 'A raw image.' },
  QEMU_IMG: { title: 'Copy with qemu-img', note: 'A qcow2 image.' },
};

export function transportWord({ transport }: ExportAddress): string {
  return transport === 'TCP' ? 'Over the network' : 'On the service’s host';
}

export function modeWord({ writable }: Export): string {
  return writable ? 'Writable' : 'Read-only';
}

/** Why what was written cannot be made a point now; undefined if it can. */
export function whyNotKeep({ state, overlay, statistics }: Export): string | undefined {
  if (state !== 'OPEN' || !overlay) return 'The export is not available.';
  if (!overlay.changed) return 'Nothing was written yet.';
  if (statistics.clients > 0) return 'Shut the machine down first: the disk is in use.';
  return undefined;
}
