import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';
import { NotFound } from './NotFound';
import { RouteError } from './RouteError';
import { Shell } from './Shell';

const page = (load: () => Promise<ComponentType>) => ({
  lazy: async () => ({ Component: await load() }),
});

export const routes: RouteObject[] = [
  {
    Component: Shell,
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, ...page(async () => (await import('../overview/OverviewPage')).OverviewPage) },
          { path: 'machines', ...page(async () => (await import('../machines/MachinesPage')).MachinesPage) },
          {
            path: 'machines/new',
            ...page(async () => (await import('../machines/MachineFormPage')).NewMachinePage),
          },
          {
            path: 'machines/:id',
            ...page(async () => (await import('../machines/MachinePage')).MachinePage),
          },
          {
            path: 'machines/:id/edit',
            ...page(async () => (await import('../machines/MachineFormPage')).EditMachinePage),
          },
          { path: 'policies', ...page(async () => (await import('../policies/PoliciesPage')).PoliciesPage) },
          {
            path: 'policies/new',
            ...page(async () => (await import('../policies/PolicyFormPage')).NewPolicyPage),
          },
          {
            path: 'policies/:id',
            ...page(async () => (await import('../policies/PolicyFormPage')).EditPolicyPage),
          },
          { path: 'runs', ...page(async () => (await import('../runs/RunsPage')).RunsPage) },
          { path: 'runs/:id', ...page(async () => (await import('../runs/RunPage')).RunPage) },
          { path: 'points', ...page(async () => (await import('../points/PointsPage')).PointsPage) },
          { path: 'points/:id', ...page(async () => (await import('../points/PointPage')).PointPage) },
          { path: 'exports', ...page(async () => (await import('../exports/ExportsPage')).ExportsPage) },
          { path: 'exports/:id', ...page(async () => (await import('../exports/ExportPage')).ExportPage) },
          {
            path: 'repository',
            ...page(async () => (await import('../repository/RepositoryPage')).RepositoryPage),
          },
          {
            path: 'repository/new',
            ...page(async () => (await import('../repository/NewRepositoryPage')).NewRepositoryPage),
          },
          {
            path: 'repository/:id',
            ...page(async () => (await import('../repository/OneRepositoryPage')).OneRepositoryPage),
          },
          { path: '*', Component: NotFound },
        ],
      },
    ],
  },
];
