import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink as RouterLink, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { LeaveGuard } from '../parts/leave-guard';
import { useSession } from '../session/session';
import { SiteProvider } from '../sites/sites';
import { LanguageChoice } from './language-choice';
import { PersonMenu } from './person-menu';
import { SchemeChoice } from './scheme-choice';
import { sections } from './sections';
import { SiteChoice } from './site-choice';

/** Header, menu and the page that was asked for. */
export function Layout() {
  const { t } = useTranslation('shell');
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main, pathname);
  useEffect(close, [pathname, close]);
  return (
    <SiteProvider>
      <a className="kkm-skip" href="#content" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {t('skip')}
      </a>
      <AppShell header={{ height: 56 }} navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md">
        <AppShell.Header>
          <Group h="100%" px="md" gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? t('navigation.close') : t('navigation.open')}
              aria-expanded={opened}
            />
            <Text fw={700} size="lg" visibleFrom="sm">
              {t('brand')}
            </Text>
            <Group gap="xs" ml="auto" wrap="nowrap" miw={0}>
              <SiteChoice />
              <LanguageChoice />
              <SchemeChoice />
              <PersonMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label={t('navigation.label')}>
          <Sections />
        </AppShell.Navbar>
        <AppShell.Main id="content" ref={main} tabIndex={-1}>
          <LeaveGuard>
            <Outlet />
          </LeaveGuard>
        </AppShell.Main>
      </AppShell>
      <ScrollRestoration />
    </SiteProvider>
  );
}

function Sections() {
  const { t } = useTranslation('shell');
  const { may } = useSession();
  const { pathname } = useLocation();
  return sections
    .filter(({ scopes }) => scopes.some(may))
    .map(({ name, path, icon: Icon }) => (
      <NavLink
        key={name}
        component={RouterLink}
        to={path}
        label={t(`navigation.${name}`)}
        leftSection={<Icon size={18} aria-hidden />}
        active={pathname === path || pathname.startsWith(`${path}/`)}
      />
    ));
}

/** A new page is announced and read from its beginning; the first one is left to the browser. */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>, pathname: string): void {
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [main, pathname]);
}
