import type {
  BucketCredentials,
  CopyRequest,
  CopyTarget,
  CreateRepository,
  Damage,
  DamagedPoint,
  Export,
  ExportRequest,
  Machine,
  MachineRequest,
  Node,
  Policy,
  Point,
  PointCopy,
  PolicyRequest,
  RepositoryInfo,
  RepositoryStatus,
  Run,
  UnlockRepository,
} from '../../src/api/model.ts';
import { isActive } from '../../src/api/model.ts';
import * as data from './data.ts';

/**
 * A small stand-in for the service while a page is drawn or unit-tested. It knows nothing of backups: what is
 * true of the product is tested against the real service, in e2e/.
 */
export class FakeApi {
  machines: Machine[] = [];
  policies: Policy[] = [];
  runs: Run[] = [];
  points = [data.point(0)].slice(1);
  exports: Export[] = [];
  nodes: Node[] = [data.node(1)];
  repositories: RepositoryInfo[] = [data.repository()];
  copyChoices: Record<string, CopyRequest> = {};
  damage: Damage = { chunks: 0, packs: [], points: [] };

  /** Before somebody has said where backups go. */
  static fresh(): FakeApi {
    const api = new FakeApi();
    api.repositories = [];
    return api;
  }

  static filled(): FakeApi {
    const api = new FakeApi();
    api.machines = data.machines();
    api.policies = data.policies();
    api.runs = [data.run(0), data.failed(), data.run(1), data.run(2), data.run(3)];
    api.points = [0, 1, 2, 3, 4].map((n) => data.point(n));
    api.exports = [data.served(1), data.changed(2)];
    return api;
  }

  /** As filled, and some of it cannot be read any more. */
  static damaged(): FakeApi {
    const api = FakeApi.filled();
    api.damage = data.damage();
    return api;
  }

  async handle(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [collection, id, action] = pathname.replace('/api/v1/', '').split('/');
    const body: unknown = request.method === 'GET' ? undefined : await request.json().catch(() => undefined);
    switch (collection) {
      case 'overview':
        return json(this.#overview());
      case 'nodes':
        return json(this.nodes);
      case 'machines':
        return this.#machine(request.method, id, action, body);
      case 'policies':
        return this.#policy(request.method, id, body);
      case 'runs':
        if (action === 'cancel') return json(this.#finish(id, 'CANCELLED'), 202);
        return id ? found(this.runs, id) : this.#listRuns(searchParams);
      case 'points':
        if (action === 'copies') return json(this.#pointCopies(id));
        if (action === 'lock') return this.#lock(id, body as { until: string });
        if (request.method === 'DELETE') {
          this.points = this.points.filter((point) => point.id !== id);
          return new Response(null, { status: 204 });
        }
        if (action === 'damage') return json(this.#damageOf(id));
        return id ? found(this.#pointsIn(searchParams), id) : this.#listPoints(searchParams);
      case 'restores':
        if (id) return json({ directories: ['/var/lib/nightjar/restores'] });
        return json(this.#start({ kind: 'RESTORE', phase: 'RESTORING', pointIds: [] }), 202);
      case 'exports':
        return this.#export(request.method, id, action, searchParams, body);
      case 'copies':
        return this.#copies(request.method, id, action, body as CopyRequest);
      case 'repositories':
        return this.#repositories(request.method, id, action, body);
      case 'repository':
        if (id === 'damage') return json(this.damage);
        if (id === 'scrub') {
          if (request.method === 'GET') return json(data.proofs());
          const { location } = this.#repository(searchParams.get('repositoryId'));
          return json(
            this.#start({ kind: 'SCRUB', phase: 'SCRUBBING', pointIds: [], target: location }),
            202,
          );
        }
        return json(this.#start({ kind: id === 'reclaim' ? 'RECLAIM' : 'REBUILD', pointIds: [] }), 202);
      default:
        return problem(404, 'NOT_FOUND', 'There is nothing at this address.');
    }
  }

  /** Moves every active run a step on; those that changed. */
  step(): Run[] {
    return this.runs.filter(isActive).map((run) => {
      const done = Math.min(run.bytesTotal, run.bytesDone + run.bytesTotal / 12);
      if (done >= run.bytesTotal) return this.#finish(run.id, 'COMPLETE');
      return Object.assign(run, {
        state: 'RUNNING',
        phase: run.kind === 'BACKUP' ? 'READING' : run.phase,
        bytesDone: done,
        bytesPerSecond: 340 * data.MIB,
        etaSeconds: Math.ceil((run.bytesTotal - done) / (340 * data.MIB)),
      });
    });
  }

  #machine(method: string, id: string | undefined, action: string | undefined, body: unknown): Response {
    if (id === 'probe') return json({ disks: data.probedDisks() });
    if (action === 'backup') return json(this.#start({ machineId: id }), 202);
    if (method === 'DELETE') {
      this.machines = this.machines.filter((machine) => machine.id !== id);
      return new Response(null, { status: 204 });
    }
    if (method === 'POST' || method === 'PUT') {
      const old = this.machines.find((machine) => machine.id === id);
      const machine: Machine = {
        id: data.id(1, 100 + this.machines.length),
        createdAt: new Date().toISOString(),
        policyIds: [],
        ...old,
        ...(body as MachineRequest),
      };
      this.machines = [...this.machines.filter((each) => each !== old), machine];
      return json(machine, old ? 200 : 201);
    }
    return id ? found(this.machines, id) : json(this.machines);
  }

  #policy(method: string, id: string | undefined, body: unknown): Response {
    if (id === 'preview') return preview((body as { schedule: string }).schedule);
    if (method === 'DELETE') {
      this.policies = this.policies.filter((policy) => policy.id !== id);
      return new Response(null, { status: 204 });
    }
    if (method === 'POST' || method === 'PUT') {
      const old = this.policies.find((policy) => policy.id === id);
      const policy: Policy = {
        id: data.id(2, 100 + this.policies.length),
        ...old,
        ...(body as Required<PolicyRequest>),
      };
      this.policies = [...this.policies.filter((each) => each !== old), policy];
      return json(policy, old ? 200 : 201);
    }
    return id ? found(this.policies, id) : json(this.policies);
  }

  #export(
    method: string,
    id: string | undefined,
    action: string | undefined,
    search: URLSearchParams,
    body: unknown,
  ): Response {
    const one = this.exports.find((each) => each.id === id);
    if (action === 'take' && one) {
      return json(Object.assign(one, { state: 'OPEN', node: 'backup-1' }));
    }
    if (action === 'keep') {
      this.exports = this.exports.filter((each) => each !== one);
      return json(this.#start({ kind: 'KEEP', machineId: one?.machineId, pointIds: [] }), 202);
    }
    if (method === 'DELETE') {
      if (one?.overlay?.changed && search.get('discard') !== 'true') {
        return problem(409, 'EXPORT_HAS_CHANGES', 'It was written to.', 'Keep it first.');
      }
      this.exports = this.exports.filter((each) => each !== one);
      return new Response(null, { status: 204 });
    }
    if (method === 'POST') {
      const { pointId, writable, name } = body as ExportRequest;
      const opened = data.served(0, {
        id: data.id(6, 100 + this.exports.length),
        pointId,
        name: name ?? 'web-01-vda-new',
        writable: writable === true,
        ...(writable ? { overlay: { usedBytes: 0, limitBytes: 10 * data.GIB, changed: false } } : {}),
      });
      this.exports = [opened, ...this.exports];
      return json(opened, 201);
    }
    return id ? found(this.exports, id) : json(this.exports);
  }

  #start(over: Partial<Run>): Run {
    const machine = this.machines.find(({ id }) => id === over.machineId);
    const run = data.run(0, {
      id: data.id(3, 200 + this.runs.length),
      trigger: 'MANUAL',
      state: 'RUNNING',
      phase: 'PREPARING',
      machineName: machine?.name,
      createdAt: new Date().toISOString(),
      startedAt: new Date().toISOString(),
      finishedAt: undefined,
      bytesDone: 0,
      bytesTotal: 4 * data.GIB,
      phases: [],
      ...over,
    });
    this.runs = [run, ...this.runs];
    if (machine) machine.lastRun = run;
    return run;
  }

  #finish(id: string | undefined, state: 'COMPLETE' | 'CANCELLED'): Run {
    const run = this.runs.find((each) => each.id === id);
    if (!run) throw new Error(`no run ${id}`);
    return Object.assign(run, {
      state,
      phase: 'DONE',
      bytesDone: state === 'COMPLETE' ? run.bytesTotal : run.bytesDone,
      finishedAt: new Date().toISOString(),
      phases: data.run(0).phases,
    });
  }

  #listRuns(search: URLSearchParams): Response {
    const items = this.runs.filter((run) =>
      (['machineId', 'kind', 'state'] as const).every(
        (key) => !search.get(key) || run[key] === search.get(key),
      ),
    );
    return json({ items, total: items.length });
  }

  #listPoints(search: URLSearchParams): Response {
    const machineId = search.get('machineId');
    return json(this.#pointsIn(search).filter((point) => !machineId || point.machineId === machineId));
  }

  #pointsIn(search: URLSearchParams): Point[] {
    const repositoryId = search.get('repositoryId') ?? data.PRIMARY;
    return this.points.filter((point) => point.repositoryId === repositoryId);
  }

  #lock(id: string | undefined, { until }: { until: string }): Response {
    const point = this.points.find((each) => each.id === id);
    if (!point) return problem(404, 'POINT_NOT_FOUND', 'There is no such point.');
    point.lockedUntil = until;
    return json(point);
  }

  #pointCopies(pointId: string | undefined): PointCopy[] {
    return this.#targets().map(({ id, location }) => ({
      repositoryId: id,
      location,
      present: this.points.some((point) => point.id === pointId && point.repositoryId === id),
    }));
  }

  #repository(id: string | null): RepositoryInfo {
    const known = this.repositories.find((one) => one.id === id);
    if (!known) throw new Error(`no repository ${id}`);
    return known;
  }

  #targets(): RepositoryInfo[] {
    return this.repositories.filter(({ role }) => role === 'TARGET');
  }

  #copies(method: string, id: string | undefined, action: string | undefined, body: CopyRequest): Response {
    if (action === 'run') return json(this.#start({ kind: 'COPY', pointIds: [] }), 202);
    if (method === 'PUT' && id) this.copyChoices = { ...this.copyChoices, [id]: body };
    const targets = this.#targets().map((target): CopyTarget => ({
      repositoryId: target.id,
      ...(this.copyChoices[target.id] ?? { when: 'BY_HAND', keepDays: 30 }),
      running: false,
      copiedPoints: 0,
      missingPoints: this.points.length,
    }));
    return json(id ? targets.find((target) => target.repositoryId === id) : targets);
  }

  #damageOf(id: string | undefined): DamagedPoint {
    const known = this.damage.points.find((point) => point.id === id);
    const point = this.points.find((each) => each.id === id) ?? data.point(0);
    return known ?? { ...data.damagedPoint(point), bytes: 0, rangeCount: 0, ranges: [] };
  }

  #overview() {
    return {
      machines: this.machines.length,
      points: this.points.length,
      storedBytes: 1.8 * data.GIB,
      logicalBytes: this.points.length * 16 * data.GIB,
      lastRuns: this.runs.slice(0, 6),
      nextRuns: this.policies.map(({ id, name, nextRunAt }) => ({
        policyId: id,
        policyName: name,
        at: nextRunAt,
      })),
      protection: this.machines.map(({ id, name, lastRun }) => ({
        machineId: id,
        name,
        state: lastRun ? (lastRun.state === 'FAILED' ? 'FAILED' : 'PROTECTED') : 'NEVER',
      })),
      repository: this.#repositoryStatus(),
    };
  }

  #repositoryStatus(): RepositoryStatus {
    const primary = this.repositories.find(({ role }) => role === 'PRIMARY');
    if (!primary) return { state: 'NOT_CONFIGURED', code: 'REPOSITORY_NOT_CONFIGURED' };
    return { state: primary.state, id: primary.id, ...primary.error };
  }

  #repositories(method: string, id: string | undefined, action: string | undefined, body: unknown): Response {
    if (method === 'GET') {
      return json(
        id === 'defaults'
          ? { directory: '/var/lib/nightjar/repository', minPassphrase: 12 }
          : this.repositories,
      );
    }
    if (id === 'recovery-keys') return json({ recoveryKey: data.RECOVERY_KEY });
    if (id === 'probe') {
      return json({
        location: '/var/lib/nightjar/repository',
        contents: 'EMPTY',
        encrypted: false,
        objectLock: false,
        freeBytes: 200 * data.GIB,
        warnings: [],
      });
    }
    if (!id || id === 'add') return this.#addRepository(id === 'add', body as CreateRepository);
    const repository = this.repositories.find((one) => one.id === id);
    if (!repository) return problem(404, 'REPOSITORY_UNKNOWN', 'There is no such repository.');
    if (method === 'DELETE') {
      this.repositories = this.repositories.filter((one) => one !== repository);
      return new Response(null, { status: 204 });
    }
    if (action === 'primary') {
      for (const one of this.repositories) one.role = one === repository ? 'PRIMARY' : 'TARGET';
    }
    if (action === 'credentials') repository.accessKey = (body as BucketCredentials).accessKey;
    if (action === 'lock') repository.state = 'LOCKED';
    if (action === 'unlock') {
      if ((body as UnlockRepository).passphrase !== data.PASSPHRASE) {
        return problem(403, 'PASSPHRASE_WRONG', 'This does not open the repository.', 'Check the keyboard.');
      }
      repository.state = 'OPEN';
    }
    return json(repository);
  }

  #addRepository(there: boolean, { name, encryption }: CreateRepository): Response {
    const first = this.repositories.length === 0;
    const added = data.repository({
      id: crypto.randomUUID(),
      name: name ?? 'Repository',
      role: first ? 'PRIMARY' : 'TARGET',
      encrypted: encryption !== undefined,
      unlocking: encryption ? 'BY_HAND' : 'NOT_NEEDED',
    });
    this.repositories.push(added);
    return json(there ? added : { repository: added, warnings: [] }, 201);
  }
}

const HOUR = 3_600_000;

function preview(schedule: string): Response {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length < 5 || fields.some((field) => !/^[\d*/,?-]+$/.test(field))) {
    return problem(
      400,
      'INVALID_SCHEDULE',
      `“${schedule}” is not a schedule.`,
      'Write five fields, like 0 2 * * *.',
    );
  }
  const midnight = new Date().setUTCHours(1, 0, 0, 0);
  return json({ nextRuns: [1, 2, 3, 4, 5].map((day) => new Date(midnight + day * 24 * HOUR).toISOString()) });
}

function found(list: readonly { id: string }[], id: string): Response {
  const one = list.find((each) => each.id === id);
  return one ? json(one) : problem(404, 'NOT_FOUND', 'It does not exist, or not any more.');
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}

export function problem(status: number, code: string, detail: string, hint?: string, more = {}): Response {
  return new Response(JSON.stringify({ title: 'Refused', status, code, detail, hint, ...more }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
