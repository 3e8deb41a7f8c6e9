import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/problem';

const RETRIES = 2;

export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the service answers for good (unknown id, bad input) is shown at once.
        retry: (failures, error) => failures < RETRIES && ApiProblem.from(error).retryable,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
