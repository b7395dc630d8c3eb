import type { Control } from './defects';
import { closingIgnored, conflictHidden, openIgnored, personBelieved, personOverwritten, surfacedIgnored, wordLost } from './planted-people';

const wrongVerdict = /the verdict of .* is not_charged, but the bank has/;

/** Planted defects in what people decide and are told. */
export const peopleControls: readonly Control[] = [
  { clause: 9, name: 'what a terminal says to a person’s decision is lost', seed: 9, caught: /no terminal’s answer was recorded/, defect: wordLost },
  {
    clause: 9,
    name: 'the terminal’s answer replaces a person’s decision',
    seed: 9,
    caught: /was decided by a person and is/,
    defect: personOverwritten,
  },
  { clause: 10, name: 'a contradiction is taken for a confirmation', seed: 9, caught: /the person is wrong and was confirmed/, defect: conflictHidden },
  { clause: 17, name: 'a closed payment is redone', seed: 26, caught: /was closed and is redone|is no longer closed/, defect: closingIgnored },
  { clause: 18, name: 'the verdict does not look at what is open', seed: 1, caught: wrongVerdict, defect: openIgnored },
  { clause: 18, name: 'the verdict takes a person’s word for the terminal’s', seed: 77, caught: wrongVerdict, defect: personBelieved },
  { clause: 18, name: 'the verdict does not look at surfaced money', seed: 27, caught: wrongVerdict, defect: surfacedIgnored },
];
