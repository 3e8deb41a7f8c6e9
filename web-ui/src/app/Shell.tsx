import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconApi,
  IconCalendarTime,
  IconDatabase,
  IconHistory,
  IconHome2,
  IconPlayerPlay,
  IconPlugConnected,
  IconServer2,
} from '@tabler/icons-react';
import { Suspense, useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { PageSkeleton } from '../ui/PageSkeleton';
import { ColorSchemeToggle } from './ColorSchemeToggle';
import { Logo } from './Logo';
import classes from './Shell.module.css';

const pages = [
  { to: '/', label: 'Overview', icon: IconHome2 },
  { to: '/machines', label: 'Machines', icon: IconServer2 },
  { to: '/policies', label: 'Policies', icon: IconCalendarTime },
  { to: '/runs', label: 'Runs', icon: IconPlayerPlay },
  { to: '/points', label: 'Recovery points', icon: IconHistory },
  { to: '/exports', label: 'Exports', icon: IconPlugConnected },
  { to: '/repository', label: 'Repository', icon: IconDatabase },
] as const;

/** What surrounds every page: navigation at the side, behind a button on narrow screens. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);

  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    close();
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname, close]);

  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      withBorder={false}
      padding={0}
    >
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header className={classes.header} hiddenFrom="sm">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Brand />
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            color="#dfe6fb"
            aria-label={opened ? 'Close navigation' : 'Open navigation'}
            aria-expanded={opened}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Main">
        <div className={classes.brand}>
          <Brand />
        </div>
        <ul className={classes.links}>
          {pages.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <NavLink to={to} end={to === '/'} className={classes.link ?? ''}>
                <Icon size={19} stroke={1.6} aria-hidden />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
        <div className={classes.foot}>
          <a href="/swagger-ui.html" className={classes.link} target="_blank" rel="noreferrer">
            <IconApi size={19} stroke={1.6} aria-hidden />
            REST API
          </a>
          <ColorSchemeToggle />
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <div className={classes.content}>
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

function Brand() {
  return (
    <NavLink to="/" className={classes.name ?? ''}>
      <Logo />
      Nightjar
    </NavLink>
  );
}
