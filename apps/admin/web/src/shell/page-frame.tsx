import { AppShell, Burger, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBox } from '@tabler/icons-react';
import { Suspense, useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';
import { Waiting } from '../components/query-state.tsx';
import { AccountMenu } from './account-menu.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { Navigation } from './navigation.tsx';
import { ThemeMenu } from './theme-menu.tsx';

/** The frame of every page: header, navigation, and the content. */
export function PageFrame(): ReactNode {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const content = useFocusOnNewPage();
  return (
    <>
      <a className="skip-link" href="#content" onClick={() => content.current?.focus()}>
        {t('shell.skipToContent')}
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <AppShell.Header className="raised">
          <Group h="100%" px={{ base: 'xs', sm: 'md' }} justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="xs" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={isOpen ? t('shell.closeNavigation') : t('shell.openNavigation')}
                aria-expanded={isOpen}
              />
              <UnstyledButton component={Link} to="/" onClick={close}>
                <Group gap={8} wrap="nowrap">
                  <IconBox size={24} stroke={1.6} aria-hidden />
                  <Text fw={600}>{t('shell.product')}</Text>
                </Group>
              </UnstyledButton>
            </Group>
            <Group gap={4} wrap="nowrap">
              <LanguageMenu />
              <ThemeMenu />
              <AccountMenu />
            </Group>
          </Group>
        </AppShell.Header>
        {/* On narrow screens Mantine only moves it out of sight: the keyboard would still go through it. */}
        <AppShell.Navbar p="sm" className="raised" aria-label={t('shell.navigation')} {...(isOpen ? {} : { visibleFrom: 'sm' })}>
          <Navigation onChosen={close} />
        </AppShell.Navbar>
        <AppShell.Main>
          <div className="page-content" id="content" tabIndex={-1} ref={content}>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  );
}

/** Whoever goes to another page is brought to its beginning, with the keyboard and the reader, too. */
function useFocusOnNewPage(): React.RefObject<HTMLDivElement | null> {
  const content = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  const former = useRef(pathname);
  useEffect(() => {
    if (former.current === pathname) return;
    former.current = pathname;
    content.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return content;
}
