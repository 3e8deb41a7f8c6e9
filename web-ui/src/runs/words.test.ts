import { describe, expect, it } from 'vitest';
import { failed, run } from '../../dev/api/data';
import { phaseReached, phasesFor } from './words';

const entered = (...phases: ('PREPARING' | 'FREEZING' | 'READING' | 'CLEANING' | 'DONE')[]) =>
  phases.map((phase) => ({ phase, millis: 1 }));

describe('the phases of a run', () => {
  it('are those of its kind while it runs', () => {
    expect(phasesFor(run(0, { state: 'RUNNING', phases: entered('PREPARING') }))).toHaveLength(5);
    expect(phasesFor(run(0, { kind: 'RESTORE', state: 'RUNNING', phases: [] }))).toEqual([
      'PREPARING',
      'RESTORING',
      'COMMITTING',
    ]);
  });

  it('are those entered once it is complete', () => {
    expect(phasesFor(run(0, { phases: entered('PREPARING', 'READING', 'DONE') }))).toEqual([
      'PREPARING',
      'READING',
    ]);
  });
});

describe('the phase reached', () => {
  it('by a failed run is the last before cleaning up', () => {
    const phases = entered('PREPARING', 'FREEZING', 'READING', 'CLEANING', 'DONE');
    expect(phaseReached({ ...failed(), phase: 'DONE', phases })).toBe('READING');
  });

  it('by a run that failed at once is none', () => {
    expect(phaseReached({ ...failed(), phases: [] })).toBeUndefined();
  });
});
