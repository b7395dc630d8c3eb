/** Colours of the grades, best first. */
export const gradeColors = { A: 'green', B: 'lime', C: 'yellow', D: 'orange', E: 'red', F: 'red' } as const;
