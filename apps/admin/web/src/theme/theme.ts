import { createTheme, type CSSVariablesResolver } from '@mantine/core';

/** The look of the page. Shades are chosen so that text has a contrast of at least 4.5 to 1 on what is behind it. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1.02rem' } } },
});

/** Text on a faint ground of its own colour, by colour: in the light theme, and in the dark one. */
const TINTED = {
  gray: ['#343a40', '#ced4da'],
  indigo: ['#2b44a8', '#bac8ff'],
  blue: ['#0b5394', '#a5d8ff'],
  green: ['#1c5f2a', '#b2f2bb'],
  teal: ['#06593f', '#96f2d7'],
  yellow: ['#754400', '#ffec99'],
  orange: ['#8a3a00', '#ffd8a8'],
  red: ['#a11b1b', '#ffc9c9'],
  grape: ['#76238b', '#eebefa'],
} as const;

/** Where Mantine's own shades are too faint to be read easily. */
export const readableShades: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-8)',
    '--mantine-color-body': '#ffffff',
    '--sandport-canvas': '#f6f7f9',
    '--sandport-raised': '#ffffff',
    ...tints(0),
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-3)',
    '--sandport-canvas': 'var(--mantine-color-dark-8)',
    '--sandport-raised': 'var(--mantine-color-dark-7)',
    ...tints(1),
  },
});

function tints(side: 0 | 1): Record<string, string> {
  return Object.fromEntries(Object.entries(TINTED).map(([color, shades]) => [`--mantine-color-${color}-light-color`, shades[side]]));
}

/** What the server wrote into the page so that its own style sheets, and no others, are taken. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
