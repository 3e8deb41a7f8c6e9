import type { components } from './schema';

/** The words of the REST API, under the names the pages use. Everything comes from openapi.json. */
type Schemas = components['schemas'];

export type Overview = Schemas['Overview'];
export type MachineProtection = Schemas['MachineProtection'];
export type Protection = MachineProtection['state'];
export type NextRun = Schemas['NextRun'];
export type Node = Schemas['Node'];

export type Machine = Schemas['Machine'];
export type MachineRequest = Schemas['MachineRequest'];
export type SourceSpec = Schemas['NbdSource'] | Schemas['QmpSource'];
export type NbdDisk = Schemas['NbdDisk'];
export type ProbedDisk = Schemas['ProbedDisk'];

export type BackupRequest = Schemas['BackupRequest'];

export type Policy = Schemas['Policy'];
export type PolicyRequest = Schemas['PolicyRequest'];

export type Run = Schemas['Run'];
export type RunKind = Run['kind'];
export type RunState = Run['state'];
export type RunPhase = Run['phase'];
export type HealedFrom = Run['healed'][number];
export type RunDisk = Schemas['RunDisk'];

export type Point = Schemas['Point'];
export type PointCopy = Schemas['PointCopy'];
export type CopyTarget = Schemas['CopyTarget'];
export type CopyRequest = Schemas['CopyRequest'];
export type RestoreTarget = Schemas['FileTarget'] | Schemas['NbdTarget'];
export type Export = Schemas['Export'];
export type ExportAddress = Export['addresses'][number];
export type ExportRequest = Schemas['ExportRequest'];
export type Snippet = ExportAddress['snippets'][number];
export type Scrub = Schemas['Scrub'];
export type Damage = Schemas['Damage'];
export type DamagedPack = Schemas['DamagedPack'];
export type DamagedPoint = Schemas['DamagedPoint'];
export type RepositoryInfo = Schemas['RepositoryInfo'];
export type RepositoryContents = Schemas['RepositoryContents'];
export type RepositoryStatus = Schemas['RepositoryStatus'];
export type RepositoryPlace = Schemas['DirectoryPlace'] | Schemas['S3Place'];
export type ProbedPlace = Schemas['ProbedPlace'];
export type CreateRepository = Schemas['CreateRepository'];
export type AddRepository = Schemas['AddRepository'];
export type UnlockRepository = Schemas['UnlockRepository'];
export type BucketCredentials = Schemas['BucketCredentials'];
export type ChangePassphrase = Schemas['ChangePassphrase'];

/** A run in one of these states changes by itself. */
export function isActive(run: Pick<Run, 'state'>): boolean {
  return run.state === 'QUEUED' || run.state === 'RUNNING';
}
