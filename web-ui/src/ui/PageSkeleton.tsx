import { Card, Skeleton, Stack } from '@mantine/core';

export function CardSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <Card>
      <Stack gap="md">
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} height={18} width={`${94 - ((row * 17) % 40)}%`} radius="sm" />
        ))}
      </Stack>
    </Card>
  );
}

export function PageSkeleton() {
  return (
    <Stack gap="lg" aria-busy="true">
      <Skeleton height={32} width={220} radius="sm" />
      <CardSkeleton rows={3} />
      <CardSkeleton rows={6} />
    </Stack>
  );
}
