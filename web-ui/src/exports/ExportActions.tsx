import { Button, Tooltip } from '@mantine/core';
import { useNavigate } from 'react-router';
import type { Export } from '../api/model';
import { useCommand } from '../api/queries';
import { bytes } from '../format/bytes';
import { confirm } from '../ui/confirm';
import { notifyDone, notifyProblem } from '../ui/notify';
import { whyNotKeep } from './words';

export interface ExportActionsProps {
  served: Export;
  /** Told when the export is about to end, and when it does not after all. */
  onEnding: (ending: boolean) => void;
}

export function ExportActions({ served, onEnding }: ExportActionsProps) {
  return (
    <>
      {served.state === 'ORPHANED' && !served.writable && <TakeButton served={served} />}
      {served.writable && <KeepButton served={served} onEnding={onEnding} />}
      <CloseButton served={served} onEnding={onEnding} />
    </>
  );
}

function TakeButton({ served }: { served: Export }) {
  const take = useCommand('takeExport');
  return (
    <Button
      loading={take.isPending}
      onClick={() =>
        take.mutate(served.id, { onError: (error) => notifyProblem('Cannot serve it from here', error) })
      }
    >
      Serve it from this node
    </Button>
  );
}

function KeepButton({ served, onEnding }: ExportActionsProps) {
  const navigate = useNavigate();
  const keep = useCommand('keepExport');
  const reason = whyNotKeep(served);
  return (
    <Tooltip label={reason} disabled={!reason}>
      <Button
        loading={keep.isPending}
        data-disabled={reason ? true : undefined}
        aria-disabled={Boolean(reason)}
        onClick={() => {
          if (reason) return;
          confirm({
            title: 'Keep what was written as a recovery point?',
            body: `A new point of ${served.machineName}, disk ${served.disk}, is made of it, and the export is closed. The point that it shows stays as it is.`,
            confirm: 'Keep it',
            onConfirm: () => {
              onEnding(true);
              keep.mutate(served.id, {
                onSuccess: (run) => void navigate(`/runs/${run.id}`),
                onError: (error) => {
                  onEnding(false);
                  notifyProblem('Cannot keep it as a point', error);
                },
              });
            },
          });
        }}
      >
        Keep as a point
      </Button>
    </Tooltip>
  );
}

function CloseButton({ served, onEnding }: ExportActionsProps) {
  const navigate = useNavigate();
  const close = useCommand('deleteExport');
  const discard = useCommand('deleteExportAndChanges');
  const { clients } = served.statistics;
  // What cannot be looked into may hold something.
  const loses = served.writable && served.overlay?.changed !== false;
  const leave = {
    onSuccess: () => {
      notifyDone(loses ? 'The export is closed, what was written is discarded.' : 'The export is closed.');
      void navigate('/exports');
    },
    onError: (error: Error) => {
      onEnding(false);
      notifyProblem('Cannot close the export', error);
    },
  };
  const cut =
    clients > 0 ? `${clients === 1 ? 'Its client is' : `Its ${clients} clients are`} cut off. ` : '';
  const written = served.overlay
    ? `${bytes(served.overlay.usedBytes)} that were written`
    : 'What was written';
  return (
    <Button
      variant="default"
      loading={close.isPending || discard.isPending}
      disabled={served.state === 'KEEPING' || served.state === 'ELSEWHERE'}
      onClick={() =>
        confirm({
          title: loses ? 'Discard what was written, and close?' : 'Close this export?',
          body: loses
            ? `${cut}${written} are lost. The recovery point stays as it is.`
            : `${cut}The recovery point stays as it is.`,
          confirm: loses ? 'Discard and close' : 'Close the export',
          danger: loses,
          onConfirm: () => {
            onEnding(true);
            (loses ? discard : close).mutate(served.id, leave);
          },
        })
      }
    >
      {loses ? 'Discard' : 'Close export'}
    </Button>
  );
}
