import {
  SegmentedControl,
  useMantineColorScheme,
  VisuallyHidden,
  type MantineColorScheme,
} from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun, type TablerIcon } from '@tabler/icons-react';
import classes from './ColorSchemeToggle.module.css';

const schemes: { value: MantineColorScheme; label: string; icon: TablerIcon }[] = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'auto', label: 'Like the system', icon: IconDeviceDesktop },
  { value: 'dark', label: 'Dark', icon: IconMoon },
];

export function ColorSchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Colour scheme"
      fullWidth
      size="xs"
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      classNames={classes}
      data={schemes.map(({ value, label, icon: Icon }) => ({
        value,
        label: (
          <span title={label} className={classes.icon}>
            <Icon size={16} stroke={1.7} aria-hidden />
            <VisuallyHidden>{label}</VisuallyHidden>
          </span>
        ),
      }))}
    />
  );
}
