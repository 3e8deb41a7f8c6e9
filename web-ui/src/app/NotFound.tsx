import { Button } from '@mantine/core';
import { IconMoonStars } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../ui/EmptyState';
import { useTitle } from '../ui/useTitle';

export function NotFound() {
  useTitle('Not found');
  return (
    <EmptyState
      alone
      icon={IconMoonStars}
      title="There is nothing at this address"
      action={
        <Button component={Link} to="/">
          Go to the overview
        </Button>
      }
    >
      The page may have been removed together with what it showed.
    </EmptyState>
  );
}
