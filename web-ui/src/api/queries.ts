import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, client } from './client';
import type {
  AddRepository,
  BackupRequest,
  BucketCredentials,
  ChangePassphrase,
  CopyRequest,
  CreateRepository,
  ExportRequest,
  MachineRequest,
  Point,
  PolicyRequest,
  RepositoryPlace,
  RestoreTarget,
  Run,
  RunKind,
  RunState,
  SourceSpec,
  UnlockRepository,
} from './model';

/** A copy of a point has the same id as its original, in another repository. */
export type PointKey = Pick<Point, 'id' | 'repositoryId'>;

export interface RunFilter {
  machineId?: string | undefined;
  kind?: RunKind | undefined;
  state?: RunState | undefined;
  page: number;
  size: number;
}

const id = (value: string) => ({ params: { path: { id: value } } });
const of = (repositoryId: string) => ({ params: { query: { repositoryId } } });
/** Something in a repository, the primary one if none is named. */
const idOf = (value: string, repositoryId: string | undefined) => ({
  params: { path: { id: value }, query: repositoryId ? { repositoryId } : {} },
});

export const queries = {
  overview: () =>
    queryOptions({ queryKey: ['overview'], queryFn: () => answer(client.GET('/api/v1/overview')) }),
  nodes: () => queryOptions({ queryKey: ['nodes'], queryFn: () => answer(client.GET('/api/v1/nodes')) }),
  machines: () =>
    queryOptions({ queryKey: ['machines'], queryFn: () => answer(client.GET('/api/v1/machines')) }),
  machine: (machineId: string) =>
    queryOptions({
      queryKey: ['machines', machineId],
      queryFn: () => answer(client.GET('/api/v1/machines/{id}', id(machineId))),
    }),
  policies: () =>
    queryOptions({ queryKey: ['policies'], queryFn: () => answer(client.GET('/api/v1/policies')) }),
  policy: (policyId: string) =>
    queryOptions({
      queryKey: ['policies', policyId],
      queryFn: () => answer(client.GET('/api/v1/policies/{id}', id(policyId))),
    }),
  nextRuns: (schedule: string, timeZone: string) =>
    queryOptions({
      queryKey: ['next-runs', schedule, timeZone],
      queryFn: () => answer(client.POST('/api/v1/policies/preview', { body: { schedule, timeZone } })),
      retry: false,
      staleTime: 10_000,
    }),
  runs: (filter: RunFilter) =>
    queryOptions({
      queryKey: ['runs', 'list', filter],
      queryFn: () => answer(client.GET('/api/v1/runs', { params: { query: filter } })),
      placeholderData: keepPreviousData,
    }),
  run: (runId: string) =>
    queryOptions({
      queryKey: ['runs', 'one', runId],
      queryFn: () => answer(client.GET('/api/v1/runs/{id}', id(runId))),
    }),
  points: (machineId?: string, repositoryId?: string) =>
    queryOptions({
      queryKey: ['points', 'list', machineId ?? null, repositoryId ?? null],
      queryFn: () =>
        answer(
          client.GET('/api/v1/points', {
            params: { query: { ...(machineId && { machineId }), ...(repositoryId && { repositoryId }) } },
          }),
        ),
    }),
  point: (pointId: string, repositoryId?: string) =>
    queryOptions({
      queryKey: ['points', 'one', repositoryId ?? null, pointId],
      queryFn: () => answer(client.GET('/api/v1/points/{id}', idOf(pointId, repositoryId))),
    }),
  pointCopies: ({ id: pointId, repositoryId }: PointKey) =>
    queryOptions({
      queryKey: ['points', 'copies', repositoryId, pointId],
      queryFn: () => answer(client.GET('/api/v1/points/{id}/copies', idOf(pointId, repositoryId))),
    }),
  copies: () => queryOptions({ queryKey: ['copies'], queryFn: () => answer(client.GET('/api/v1/copies')) }),
  pointDamage: ({ id: pointId, repositoryId }: PointKey) =>
    queryOptions({
      queryKey: ['points', 'damage', repositoryId, pointId],
      queryFn: () => answer(client.GET('/api/v1/points/{id}/damage', idOf(pointId, repositoryId))),
    }),
  restoreDirectories: () =>
    queryOptions({
      queryKey: ['restore-directories'],
      queryFn: () => answer(client.GET('/api/v1/restores/directories')),
      staleTime: Infinity,
    }),
  exports: () =>
    queryOptions({ queryKey: ['exports', 'list'], queryFn: () => answer(client.GET('/api/v1/exports')) }),
  export: (exportId: string) =>
    queryOptions({
      queryKey: ['exports', 'one', exportId],
      queryFn: () => answer(client.GET('/api/v1/exports/{id}', id(exportId))),
    }),
  repositories: () =>
    queryOptions({ queryKey: ['repositories'], queryFn: () => answer(client.GET('/api/v1/repositories')) }),
  repositoryDefaults: () =>
    queryOptions({
      queryKey: ['repository-defaults'],
      queryFn: () => answer(client.GET('/api/v1/repositories/defaults')),
      staleTime: Infinity,
    }),
  scrub: (repositoryId: string) =>
    queryOptions({
      queryKey: ['scrub', repositoryId],
      queryFn: () => answer(client.GET('/api/v1/repository/scrub', of(repositoryId))),
    }),
  damage: (repositoryId: string) =>
    queryOptions({
      queryKey: ['damage', repositoryId],
      queryFn: () => answer(client.GET('/api/v1/repository/damage', of(repositoryId))),
    }),
};

/** Ids of what is being deleted, and of what was a moment ago: it may still be on screen, and must not be asked for. */
const leaving = new Set<unknown>();

/** By then whatever showed it is gone; a copy elsewhere may have the same id. */
const GONE_FROM_SCREEN_MILLIS = 5_000;

/** Whether what a query shows may become different by a run or a command. */
export function changes(queryKey: readonly unknown[]): boolean {
  return (
    !['next-runs', 'restore-directories', 'repository-defaults'].includes(String(queryKey[0])) &&
    !leaving.has(queryKey.at(-1))
  );
}

const commands = {
  probe: (source: SourceSpec) => answer(client.POST('/api/v1/machines/probe', { body: source })),
  saveMachine: ({ machineId, body }: { machineId?: string | undefined; body: MachineRequest }) =>
    answer(
      machineId
        ? client.PUT('/api/v1/machines/{id}', { ...id(machineId), body })
        : client.POST('/api/v1/machines', { body }),
    ),
  deleteMachine: (machineId: string) => answer(client.DELETE('/api/v1/machines/{id}', id(machineId))),
  backUp: ({ machineId, ...body }: { machineId: string } & BackupRequest) =>
    answer(client.POST('/api/v1/machines/{id}/backup', { ...id(machineId), body })),
  savePolicy: ({ policyId, body }: { policyId?: string | undefined; body: PolicyRequest }) =>
    answer(
      policyId
        ? client.PUT('/api/v1/policies/{id}', { ...id(policyId), body })
        : client.POST('/api/v1/policies', { body }),
    ),
  deletePolicy: (policyId: string) => answer(client.DELETE('/api/v1/policies/{id}', id(policyId))),
  runPolicy: (policyId: string) => answer(client.POST('/api/v1/policies/{id}/run', id(policyId))),
  cancelRun: (run: Run) => answer(client.POST('/api/v1/runs/{id}/cancel', id(run.id))),
  restore: (body: { pointId: string; repositoryId: string; target: RestoreTarget }) =>
    answer(client.POST('/api/v1/restores', { body })),
  lockPoint: ({ id: pointId, repositoryId, until }: PointKey & { until: string }) =>
    answer(client.POST('/api/v1/points/{id}/lock', { ...idOf(pointId, repositoryId), body: { until } })),
  chooseCopies: ({ repositoryId, ...body }: { repositoryId: string } & CopyRequest) =>
    answer(client.PUT('/api/v1/copies/{repositoryId}', { params: { path: { repositoryId } }, body })),
  copyPoints: (repositoryId: string) =>
    answer(client.POST('/api/v1/copies/{repositoryId}/run', { params: { path: { repositoryId } } })),
  deletePoint: ({ id: pointId, repositoryId }: PointKey) =>
    answer(client.DELETE('/api/v1/points/{id}', idOf(pointId, repositoryId))),
  openExport: (body: ExportRequest) => answer(client.POST('/api/v1/exports', { body })),
  deleteExport: (exportId: string) => answer(client.DELETE('/api/v1/exports/{id}', id(exportId))),
  deleteExportAndChanges: (exportId: string) =>
    answer(
      client.DELETE('/api/v1/exports/{id}', {
        params: { path: { id: exportId }, query: { discard: true } },
      }),
    ),
  keepExport: (exportId: string) => answer(client.POST('/api/v1/exports/{id}/keep', id(exportId))),
  probePlace: (place: RepositoryPlace) =>
    answer(client.POST('/api/v1/repositories/probe', { body: { place } })),
  newRecoveryKey: () => answer(client.POST('/api/v1/repositories/recovery-keys')),
  createRepository: (body: CreateRepository) => answer(client.POST('/api/v1/repositories', { body })),
  addRepository: (body: AddRepository) => answer(client.POST('/api/v1/repositories/add', { body })),
  unlockRepository: ({ repositoryId, ...body }: { repositoryId: string } & UnlockRepository) =>
    answer(client.POST('/api/v1/repositories/{id}/unlock', { ...id(repositoryId), body })),
  lockRepository: (repositoryId: string) =>
    answer(client.POST('/api/v1/repositories/{id}/lock', id(repositoryId))),
  changePassphrase: ({ repositoryId, ...body }: { repositoryId: string } & ChangePassphrase) =>
    answer(client.PUT('/api/v1/repositories/{id}/passphrase', { ...id(repositoryId), body })),
  changeCredentials: ({ repositoryId, ...body }: { repositoryId: string } & BucketCredentials) =>
    answer(client.PUT('/api/v1/repositories/{id}/credentials', { ...id(repositoryId), body })),
  makePrimary: (repositoryId: string) =>
    answer(client.POST('/api/v1/repositories/{id}/primary', id(repositoryId))),
  forgetRepository: (repositoryId: string) =>
    answer(client.DELETE('/api/v1/repositories/{id}', id(repositoryId))),
  takeExport: (exportId: string) => answer(client.POST('/api/v1/exports/{id}/take', id(exportId))),
  rebuild: (repositoryId: string) => answer(client.POST('/api/v1/repository/rebuild', of(repositoryId))),
  scrub: (repositoryId: string) => answer(client.POST('/api/v1/repository/scrub', of(repositoryId))),
  reclaim: (repositoryId: string) => answer(client.POST('/api/v1/repository/reclaim', of(repositoryId))),
};

type Commands = typeof commands;

function idIn(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'id' in input ? input.id : input;
}

/** One change through the API. Whatever is on screen is asked for again afterwards, on failure too. */
export function useCommand<K extends keyof Commands>(name: K) {
  const cache = useQueryClient();
  type Input = Parameters<Commands[K]>[0];
  type Output = Awaited<ReturnType<Commands[K]>>;
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => (commands[name] as (value: Input) => Promise<Output>)(input),
    onMutate: (input) => {
      if (name.startsWith('delete')) leaving.add(idIn(input));
    },
    onSettled: (_output, error, input) => {
      if (name === 'probe' || name === 'probePlace' || name === 'newRecoveryKey') return;
      if (error) leaving.delete(idIn(input));
      else if (name.startsWith('delete')) {
        setTimeout(() => leaving.delete(idIn(input)), GONE_FROM_SCREEN_MILLIS);
      }
      void cache.invalidateQueries({ predicate: ({ queryKey }) => changes(queryKey) });
    },
  });
}
