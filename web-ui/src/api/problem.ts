export interface FieldProblem {
  field: string;
  message: string;
}

/** An error of the REST API (RFC 9457), or of the way to it. `code` is stable; `hint` says what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    readonly hint: string | undefined,
    readonly status: number,
    readonly fieldErrors: readonly FieldProblem[] = [],
  ) {
    super(detail ?? title);
  }

  /** What is known of an answer that is not a success. Anything may answer: a proxy, an old service. */
  static of(body: unknown, status: number): ApiProblem {
    const problem = isRecord(body) ? body : {};
    return new ApiProblem(
      text(problem.code) ?? `HTTP_${status}`,
      text(problem.title) ?? 'The service refused the request',
      text(problem.detail),
      text(problem.hint),
      status,
      fieldProblems(problem.fieldErrors),
    );
  }

  static from(error: unknown): ApiProblem {
    if (error instanceof ApiProblem) return error;
    if (error instanceof TypeError) {
      return new ApiProblem(
        'SERVICE_UNREACHABLE',
        'Nightjar does not answer',
        'The connection to the service failed.',
        'Check that the service is running, then try again.',
        0,
      );
    }
    return new ApiProblem(
      'UNEXPECTED',
      'Something went wrong in the dashboard',
      String(error),
      'Reload the page.',
      0,
    );
  }

  /** Whether asking again unchanged can help. */
  get retryable(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  fieldError(...fields: string[]): string | undefined {
    return this.fieldErrors.find((problem) => fields.includes(problem.field))?.message;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const field = isRecord(entry) ? text(entry.field) : undefined;
    const message = isRecord(entry) ? text(entry.message) : undefined;
    return field && message ? [{ field, message }] : [];
  });
}
