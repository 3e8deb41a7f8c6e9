import { describe, expect, it } from 'vitest';
import type { SourceSpec } from '../api/model';
import { machines } from '../../dev/api/data';
import { address, toFields, toSource } from './source';

describe('the fields of a source', () => {
  it.each(machines().map((machine) => [machine.name, machine] as const))(
    'give back that of %s',
    (_, machine) => {
      expect(toSource(toFields(machine))).toEqual(machine.source);
    },
  );

  it('leave out what is empty', () => {
    const source = toSource({ ...toFields(), socket: ' /run/qmp.sock ', scratchDirectory: '  ' });
    expect(source).toEqual({ type: 'qmp', socket: '/run/qmp.sock', disks: [] });
  });
});

describe('an address', () => {
  it('names every disk of an NBD source', () => {
    const source: SourceSpec = {
      type: 'nbd',
      disks: [
        { name: 'a', uri: 'nbd://host/a' },
        { name: 'b', uri: 'nbd://host/b' },
      ],
    };
    expect(address(source)).toBe('nbd://host/a, nbd://host/b');
  });
});
