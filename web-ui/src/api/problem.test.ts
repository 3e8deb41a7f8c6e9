import { describe, expect, it } from 'vitest';
import { ApiProblem } from './problem';

describe('a problem', () => {
  it('is what the service says', () => {
    const problem = ApiProblem.of(
      {
        title: 'Bad schedule',
        detail: 'Field 2 is 99.',
        code: 'INVALID_SCHEDULE',
        hint: 'Hours are 0 to 23.',
        fieldErrors: [{ field: 'schedule', message: 'Field 2 is 99.' }],
      },
      400,
    );
    expect(problem).toMatchObject({ code: 'INVALID_SCHEDULE', hint: 'Hours are 0 to 23.', retryable: false });
    expect(problem.message).toBe('Field 2 is 99.');
    expect(problem.fieldError('schedule')).toBe('Field 2 is 99.');
  });

  it.each([undefined, '', '<html>', [], { fieldErrors: 'none' }, { fieldErrors: [null, { field: 1 }] }])(
    'has a code whatever answered: %j',
    (body) => {
      expect(ApiProblem.of(body, 502)).toMatchObject({ code: 'HTTP_502', fieldErrors: [], retryable: true });
    },
  );

  it('says so when the service cannot be reached', () => {
    expect(ApiProblem.from(new TypeError('Failed to fetch'))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      retryable: true,
    });
  });
});
