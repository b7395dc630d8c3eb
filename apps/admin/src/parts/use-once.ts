import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Once } from './once';
import type { SentWish } from './once';

/** A wish and how it is carried out. */
export interface OnceOptions<Body, Answer> {
  /** Names the wish: one whose answer was lost is still known when its dialog, or its page, is opened again. */
  readonly name: string;
  readonly send: (wish: SentWish<Body>) => Promise<Answer>;
  readonly onDone: (answer: Answer) => void;
}

/** Wishes by their names, for as long as the page is open. */
const wishes = new Map<string, Once<unknown>>();

/** Carries a wish out once: see {@link Once}. `lost` is the body whose answer was lost; only that one is sent again. */
export function useOnce<Body, Answer>({ name, send, onDone }: OnceOptions<Body, Answer>) {
  const once = onceOf<Body>(name);
  const [, tell] = useState(0);
  // The name may have become another one by the time the answer comes: it is told to the wish that was sent.
  const mutation = useMutation({
    mutationFn: ({ wish }: Sent<Body>) => send(wish),
    onSuccess: (answer, sent) => {
      sent.once.end(null);
      onDone(answer);
    },
    onError: (problem, sent) => sent.once.end(problem),
    onSettled: () => tell((count) => count + 1),
  });
  return {
    send: (body: Body): void => {
      const wish = once.begin(body);
      if (wish !== null) mutation.mutate({ once, wish });
    },
    isPending: mutation.isPending,
    error: mutation.error,
    lost: once.lost,
  };
}

interface Sent<Body> {
  readonly once: Once<Body>;
  readonly wish: SentWish<Body>;
}

function onceOf<Body>(name: string): Once<Body> {
  const known = wishes.get(name) ?? new Once<unknown>();
  wishes.set(name, known);
  return known as Once<Body>;
}
