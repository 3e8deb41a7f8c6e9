import type { UseFormReturnType } from '@mantine/form';
import type { ApiProblem } from '../api/problem';

/** Puts the service's objections at their fields. `inForm` translates the API's names where they differ. */
export function applyFieldErrors<T extends object>(
  form: UseFormReturnType<T>,
  problem: ApiProblem,
  inForm: (field: string) => string = (field) => field,
) {
  if (problem.fieldErrors.length === 0) return;
  form.setErrors(
    Object.fromEntries(problem.fieldErrors.map(({ field, message }) => [inForm(field), message])),
  );
}
