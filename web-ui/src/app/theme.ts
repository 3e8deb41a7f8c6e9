import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  Card,
  createTheme,
  Input,
  Loader,
  Modal,
  Paper,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** The sky half an hour after sunset: the accent of every control. */
const night: MantineColorsTuple = [
  '#eef2fc',
  '#dce4f8',
  '#b9c8f0',
  '#93a9e7',
  '#7690df',
  '#5f7bd6',
  '#4a67c8',
  '#34509f',
  '#243a7a',
  '#16224a',
];

/** Greys with a little of the night in them. The upper half is the dark scheme's surfaces. */
const dark: MantineColorsTuple = [
  '#d9dfee',
  '#b7c0d6',
  '#97a2bd',
  '#6d7996',
  '#3a4663',
  '#2b3652',
  '#1e2740',
  '#141b30',
  '#0e1425',
  '#090e1b',
];

const gray: MantineColorsTuple = [
  '#f6f7fb',
  '#eef0f6',
  '#e2e6ef',
  '#d2d8e5',
  '#b8c0d2',
  '#8f99b0',
  '#667089',
  '#4b556d',
  '#333c52',
  '#1c2438',
];

const sans =
  'system-ui, -apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, Cantarell, "Noto Sans", "Liberation Sans", sans-serif';

export const theme = createTheme({
  primaryColor: 'night',
  primaryShade: { light: 7, dark: 6 },
  colors: { night, dark, gray },
  white: '#ffffff',
  black: '#131a2e',
  fontFamily: sans,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  headings: {
    fontFamily: sans,
    fontWeight: '650',
  },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '18px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Alert: Alert.extend({ defaultProps: { radius: 'md' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Button: Button.extend({ defaultProps: { radius: 'md' } }),
    Card: Card.extend({ defaultProps: { radius: 'lg', withBorder: true, padding: 'lg' } }),
    Input: Input.extend({ defaultProps: { radius: 'md' } }),
    Loader: Loader.extend({ defaultProps: { type: 'dots' } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.5, blur: 2 } },
    }),
    Paper: Paper.extend({ defaultProps: { radius: 'lg', withBorder: true } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true } }),
  },
});

/** Where Mantine's own shades are not calm or not readable enough on our surfaces (WCAG AA in both schemes). */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f7fb',
    '--mantine-color-dimmed': '#566079',
    '--mantine-color-placeholder': '#667089',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#34509f',
    '--mantine-color-default': '#ffffff',
    '--mantine-color-default-hover': '#eef0f6',
    '--mantine-color-default-border': '#cbd2e1',
  },
  dark: {
    '--mantine-color-body': '#0b1020',
    '--mantine-color-text': '#dfe5f3',
    '--mantine-color-dimmed': '#9aa5c0',
    '--mantine-color-placeholder': '#8490ad',
    '--mantine-color-error': '#ff9a92',
    '--mantine-color-anchor': '#a9bdf5',
    '--mantine-color-default': '#172040',
    '--mantine-color-default-hover': '#1f2a50',
    '--mantine-color-default-border': '#33406a',
  },
});
