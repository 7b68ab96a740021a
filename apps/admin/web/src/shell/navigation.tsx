import { NavLink } from '@mantine/core';
import {
  IconArrowsDiff,
  IconChartHistogram,
  IconHistory,
  IconListDetails,
  IconPlayerPlay,
  IconServerCog,
  IconUsers,
} from '@tabler/icons-react';
import type { Role } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { useMay } from '../session/use-session.ts';

const ENTRIES = [
  { path: '/overview', text: 'overview.title', Icon: IconChartHistogram, role: 'viewer' },
  { path: '/sandbox-settings', text: 'providers.title', Icon: IconServerCog, role: 'viewer' },
  { path: '/playground', text: 'playground.title', Icon: IconPlayerPlay, role: 'viewer' },
  { path: '/compare', text: 'comparison.title', Icon: IconArrowsDiff, role: 'viewer' },
  { path: '/history', text: 'history.title', Icon: IconHistory, role: 'viewer' },
  { path: '/audit', text: 'audit.title', Icon: IconListDetails, role: 'viewer' },
  { path: '/people', text: 'people.title', Icon: IconUsers, role: 'admin' },
] as const;

/** The pages, each for those who may see it. */
export function Navigation({ onChosen }: { readonly onChosen: () => void }): ReactNode {
  return ENTRIES.map((entry) => <NavigationEntry key={entry.path} {...entry} onChosen={onChosen} />);
}

function NavigationEntry({
  path,
  text,
  Icon,
  role,
  onChosen,
}: (typeof ENTRIES)[number] & { readonly role: Role; readonly onChosen: () => void }): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const may = useMay(role);
  if (!may) return null;
  const isHere = pathname === path || pathname.startsWith(`${path}/`);
  return (
    <NavLink
      component={Link}
      to={path}
      label={t(text)}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
      onClick={onChosen}
      mb={2}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  );
}
