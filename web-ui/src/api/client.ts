import createClient from 'openapi-fetch';
import { ApiProblem } from './problem';
import type { paths } from './schema';

/** The REST API, typed from openapi.json. Every answer goes through {@link answer}. */
export const client = createClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: (request) => globalThis.fetch(request),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success; otherwise throws the {@link ApiProblem}. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw ApiProblem.from(cause);
  });
  if (!response.ok) throw ApiProblem.of(error, response.status);
  return data as T;
}
