import { Container } from '@mantine/core';
import { ProblemAlert } from './problem-alert';

/** A problem that leaves nothing else to show. */
export function FullPageProblem({ problem, again }: { readonly problem: unknown; readonly again: () => void }) {
  return (
    <Container component="main" size="sm" py="xl">
      <ProblemAlert problem={problem} again={again} />
    </Container>
  );
}
