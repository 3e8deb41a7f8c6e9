import { PasswordInput, Progress, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { strength } from './strength';

const COLOURS = ['red', 'red', 'yellow', 'teal', 'teal'] as const;

interface PassphraseFieldsProps {
  label: string;
  shortest: number;
  passphrase: string;
  again: string;
  onPassphrase: (text: string) => void;
  onAgain: (text: string) => void;
  error?: ReactNode;
  againError?: ReactNode;
}

/** A new passphrase, typed twice, with a hint about its strength. */
export function PassphraseFields(props: PassphraseFieldsProps) {
  const { label, shortest, passphrase, again, onPassphrase, onAgain, error, againError } = props;
  const { score, text } = strength(passphrase, shortest);
  const common = {
    required: true,
    spellCheck: false,
    autoComplete: 'new-password',
    visibilityToggleButtonProps: { 'aria-label': 'Show what is typed' },
  } as const;
  return (
    <Stack gap="sm">
      <div>
        <PasswordInput
          label={label}
          value={passphrase}
          error={error}
          onChange={(event) => onPassphrase(event.currentTarget.value)}
          {...common}
        />
        <Progress
          mt={8}
          size={4}
          value={passphrase === '' ? 0 : 10 + score * 22.5}
          color={COLOURS[score] ?? 'red'}
          aria-label="Strength of the passphrase"
        />
        <Text size="sm" c="dimmed" mt={4} aria-live="polite">
          {text}
        </Text>
      </div>
      <PasswordInput
        label="The same again"
        value={again}
        error={againError}
        onChange={(event) => onAgain(event.currentTarget.value)}
        {...common}
      />
    </Stack>
  );
}
