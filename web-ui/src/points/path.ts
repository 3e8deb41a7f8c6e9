/** The page of a point; of a copy, in the repository that is named. */
export function pointPath(pointId: string, repositoryId?: string | null): string {
  return `/points/${pointId}${inRepository(repositoryId)}`;
}

/** The list of points of a repository. */
export function pointsPath(repositoryId?: string | null): string {
  return `/points${inRepository(repositoryId)}`;
}

function inRepository(repositoryId?: string | null): string {
  return repositoryId ? `?repositoryId=${repositoryId}` : '';
}
