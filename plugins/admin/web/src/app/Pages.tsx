import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import type { Permission } from '../api/types';
import { ButtonLink } from '../components/Button';
import { Page } from '../components/Page';
import { Empty, Skeleton } from '../components/Status';
import { useText } from '../i18n/text';
import { StudiesPage } from '../pages/studies/StudiesPage';
import { Boundary } from './Boundary';
import { navigation } from './entries';
import { patiently } from './patiently';
import { useAccess } from './session';

const NodesPage = lazy(patiently(() => import('../pages/nodes/NodesPage')));
const QueuePage = lazy(patiently(() => import('../pages/queue/QueuePage')));
const HealthPage = lazy(patiently(() => import('../pages/system/HealthPage')));
const BackupsPage = lazy(patiently(() => import('../pages/system/BackupsPage')));
const StoragePage = lazy(patiently(() => import('../pages/system/StoragePage')));
const StatisticsPage = lazy(patiently(() => import('../pages/statistics/StatisticsPage')));
const SettingsPage = lazy(patiently(() => import('../pages/system/SettingsPage')));
const TrashPage = lazy(patiently(() => import('../pages/system/TrashPage')));
const UsersPage = lazy(patiently(() => import('../pages/users/UsersPage')));
const AccountPage = lazy(patiently(() => import('../pages/account/AccountPage')));
const AuditPage = lazy(patiently(() => import('../pages/audit/AuditPage')));
const ImportsPage = lazy(patiently(() => import('../pages/imports/ImportsPage')));
const ExtensionPage = lazy(patiently(() => import('../pages/extension/ExtensionPage')));

function NotFound() {
  const { t } = useText();
  return <Page title={t.app.notFound}><Empty title={t.app.notFound} action={<ButtonLink to="/">{t.app.toStart}</ButtonLink>} /></Page>;
}

/** The first page that somebody may see. */
function Home() {
  const { can } = useAccess();
  const first = navigation.flatMap(group => group.entries).find(entry => can(entry.permission));
  return <Navigate to={first?.path ?? '/account'} replace />;
}

export function Pages() {
  const { can, accounts } = useAccess();
  const { pathname } = useLocation();
  const page = (permission: Permission, element: ReactNode) => (can(permission) ? element : <NotFound />);
  return (
    <Boundary key={pathname.split('/')[1]}>
      <Suspense fallback={<Skeleton rows={8} />}>
        <Routes>
          <Route path="/" element={<Home />} />
          <Route path="/studies/:uid?" element={page('studies.read', <StudiesPage />)} />
          <Route path="/nodes" element={page('nodes.read', <NodesPage />)} />
          <Route path="/queue" element={page('jobs.read', <QueuePage />)} />
          <Route path="/health" element={page('system.read', <HealthPage />)} />
          <Route path="/storage" element={page('system.read', <StoragePage />)} />
          <Route path="/statistics" element={page('system.read', <StatisticsPage />)} />
          <Route path="/backups" element={page('system.read', <BackupsPage />)} />
          <Route path="/settings/:form?" element={page('settings.read', <SettingsPage />)} />
          <Route path="/trash" element={page('studies.delete', <TrashPage />)} />
          <Route path="/imports" element={page('studies.import', <ImportsPage />)} />
          <Route path="/users" element={accounts ? page('users.manage', <UsersPage />) : <NotFound />} />
          <Route path="/audit" element={page('audit.read', <AuditPage />)} />
          <Route path="/account" element={accounts ? <AccountPage /> : <NotFound />} />
          <Route path="/extensions/:id" element={<ExtensionPage />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </Boundary>
  );
}
