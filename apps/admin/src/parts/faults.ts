import { ApiProblem } from '../api/api-problem';

/** What KKM found wrong at one member of a form, by its JSON pointer without `#`: `/bank/legalEntity/inn`. */
export function faultsOf(problem: unknown): (pointer: string) => string | undefined {
  const errors = problem instanceof ApiProblem && problem.refusal.kind === 'refused' ? (problem.refusal.problem.errors ?? []) : [];
  return (pointer) => errors.find((fault) => fault.pointer === `#${pointer}`)?.detail;
}
