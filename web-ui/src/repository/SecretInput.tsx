import { PasswordInput, SegmentedControl, Stack } from '@mantine/core';

export interface Secret {
  kind: 'passphrase' | 'recoveryKey';
  text: string;
}

interface SecretInputProps {
  value: Secret;
  onChange: (value: Secret) => void;
  /** What the passphrase is called here. */
  label?: string;
}

/** A passphrase, or the recovery key instead. */
export function SecretInput({ value, onChange, label = 'Passphrase' }: SecretInputProps) {
  const recovery = value.kind === 'recoveryKey';
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Unlock with"
        data={[
          { value: 'passphrase', label: 'Passphrase' },
          { value: 'recoveryKey', label: 'Recovery key' },
        ]}
        value={value.kind}
        onChange={(kind) => onChange({ kind, text: '' })}
      />
      <PasswordInput
        key={value.kind}
        label={recovery ? 'Recovery key' : label}
        description={recovery ? 'Ten groups of four letters and digits' : undefined}
        required
        autoComplete={recovery ? 'off' : 'current-password'}
        spellCheck={false}
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
        value={value.text}
        onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
      />
    </Stack>
  );
}
