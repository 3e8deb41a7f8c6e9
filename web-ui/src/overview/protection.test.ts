import { describe, expect, it } from 'vitest';
import type { MachineProtection, Protection } from '../api/model';
import { byUrgency, verdict } from './protection';

const machines = (...states: Protection[]): MachineProtection[] =>
  states.map((state, index) => ({ machineId: `${index}`, name: `machine ${index}`, state }));

describe('verdict', () => {
  it('is good only when every machine is protected', () => {
    expect(verdict(machines('PROTECTED', 'PROTECTED'))).toEqual({
      tone: 'good',
      text: 'All 2 machines are protected',
    });
    expect(verdict(machines('PROTECTED', 'NEVER')).tone).toBe('warn');
  });

  it('turns bad with one failure', () => {
    expect(verdict(machines('PROTECTED', 'STALE', 'FAILED'))).toEqual({
      tone: 'bad',
      text: '1 of 3 machines protected',
    });
  });
});

describe('byUrgency', () => {
  it('puts failures first and leaves its input alone', () => {
    const input = machines('PROTECTED', 'NEVER', 'FAILED', 'STALE');
    expect(byUrgency(input).map(({ state }) => state)).toEqual(['FAILED', 'STALE', 'NEVER', 'PROTECTED']);
    expect(input[0]?.state).toBe('PROTECTED');
  });
});
