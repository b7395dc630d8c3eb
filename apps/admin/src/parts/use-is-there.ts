import { useEffect, useState } from 'react';

/** Somebody who has not touched the page for so long has left: nothing is asked in his name any more, and his session may end. */
const awayAfterMs = 5 * 60_000;

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether somebody sits before the page. What is read again and again is read only then. */
export function useIsThere(): boolean {
  const [isThere, setIsThere] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seen = (): void => {
      setIsThere(true);
      clearTimeout(timer);
      timer = setTimeout(() => setIsThere(false), awayAfterMs);
    };
    seen();
    signs.forEach((sign) => addEventListener(sign, seen, { passive: true }));
    return () => {
      clearTimeout(timer);
      signs.forEach((sign) => removeEventListener(sign, seen));
    };
  }, []);
  return isThere;
}
