import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

interface Confirmation {
  title: string;
  body: ReactNode;
  confirm: string;
  danger?: boolean;
  onConfirm: () => void;
}

export function confirm({ title, body, confirm: label, danger = false, onConfirm }: Confirmation) {
  modals.openConfirmModal({
    title,
    children: (
      <Text component="div" size="sm">
        {body}
      </Text>
    ),
    labels: { confirm: label, cancel: 'Keep things as they are' },
    confirmProps: danger ? { color: 'red.8' } : {},
    closeButtonProps: { 'aria-label': 'Close' },
    onConfirm,
  });
}
