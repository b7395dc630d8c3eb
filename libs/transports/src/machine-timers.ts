import type { Timers } from '@kkm/core';

/**
 * Real timers. A timer that fires lets the event loop read its sockets first: after a pause of the process the terminal's answer may be waiting there, and a
 * silence that was none must not end a payment in doubt.
 */
export const machineTimers: Timers = {
  set: (ms, fire) => {
    let immediate: NodeJS.Immediate | null = null;
    const timeout = setTimeout(() => {
      immediate = setImmediate(fire);
    }, ms);
    return () => {
      clearTimeout(timeout);
      if (immediate) clearImmediate(immediate);
    };
  },
};
