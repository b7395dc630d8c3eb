import { Badge, createTheme } from '@mantine/core';

/** Looks of the page. Colours of states are chosen so that text on them keeps its contrast in both schemes. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: 8,
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Words of a state are words, not shouts.
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
  },
});
