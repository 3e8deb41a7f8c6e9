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
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
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
