import { Lock } from 'lucide-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
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
const WorklistPage = lazy(patiently(() => import('../pages/worklist/WorklistPage')));
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

/** There is one, which the role of this person does not include. */
function NotAllowed() {
  const { t } = useText();
  return (
    <Page title={t.app.notAllowed}>
      <Empty title={t.app.notAllowed} icon={<Lock size={28} />} action={<ButtonLink to="/">{t.app.toStart}</ButtonLink>}>{t.app.notAllowedHelp}</Empty>
    </Page>
  );
}

/** The first page that somebody may see. */
function Home() {
  const { can } = useAccess();
  const first = navigation.flatMap(group => group.entries).find(entry => can(entry.permission));
  return <Redirect to={first?.path ?? '/account'} replace />;
}

export function Pages() {
  const { can, accounts } = useAccess();
  const [pathname] = useLocation();
  const page = (permission: Permission, element: ReactNode) => (can(permission) ? element : <NotAllowed />);
  return (
    <Boundary key={pathname.split('/')[1]}>
      <Suspense fallback={<Skeleton rows={8} />}>
        <Switch>
          <Route path="/"><Home /></Route>
          <Route path="/studies/:uid?">{page('studies.read', <StudiesPage />)}</Route>
          <Route path="/worklist">{page('worklist.read', <WorklistPage />)}</Route>
          <Route path="/nodes">{page('nodes.read', <NodesPage />)}</Route>
          <Route path="/queue">{page('jobs.read', <QueuePage />)}</Route>
          <Route path="/health">{page('system.read', <HealthPage />)}</Route>
          <Route path="/storage">{page('system.read', <StoragePage />)}</Route>
          <Route path="/statistics">{page('system.read', <StatisticsPage />)}</Route>
          <Route path="/backups">{page('system.read', <BackupsPage />)}</Route>
          <Route path="/settings/:form?">{page('settings.read', <SettingsPage />)}</Route>
          <Route path="/trash">{page('studies.delete', <TrashPage />)}</Route>
          <Route path="/imports">{page('studies.import', <ImportsPage />)}</Route>
          <Route path="/users">{accounts ? page('users.manage', <UsersPage />) : <NotFound />}</Route>
          <Route path="/audit">{page('audit.read', <AuditPage />)}</Route>
          <Route path="/account">{accounts ? <AccountPage /> : <NotFound />}</Route>
          <Route path="/extensions/:id"><ExtensionPage /></Route>
          <Route><NotFound /></Route>
        </Switch>
      </Suspense>
    </Boundary>
  );
}
