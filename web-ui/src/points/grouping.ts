import type { Point } from '../api/model';

export interface PointsOfMachine {
  id: string;
  name: string;
  disks: { name: string; points: Point[] }[];
}

/** By machine and disk, each in order of name; points newest first. A machine has the name of its newest point. */
export function byMachine(points: readonly Point[]): PointsOfMachine[] {
  const newestFirst = [...points].sort((a, b) => Date.parse(b.instant) - Date.parse(a.instant));
  const machines = new Map<string, { name: string; disks: Map<string, Point[]> }>();
  for (const point of newestFirst) {
    const machine = machines.get(point.machineId) ?? {
      name: point.machineName,
      disks: new Map<string, Point[]>(),
    };
    machines.set(point.machineId, machine);
    machine.disks.set(point.disk, [...(machine.disks.get(point.disk) ?? []), point]);
  }
  return [...machines]
    .map(([id, { name, disks }]) => ({
      id,
      name,
      disks: [...disks]
        .map(([disk, list]) => ({ name: disk, points: list }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
