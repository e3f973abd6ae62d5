import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { Fragment, lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from 'react';
import { setAgain } from '../api/client';
import type { Session } from '../api/types';
import { LoadError } from '../components/Status';
import { Toasts } from '../components/Toasts';
import { TextProvider, type Spoken } from '../i18n/text';
import { uploads } from '../upload/uploads';
import { dropPageParameters, pageParameter } from './addresses';
import { Boundary } from './Boundary';
import { makeClient } from './client';
import { LiveProvider } from './live';
import { Pages } from './Pages';
import { patiently } from './patiently';
import { Routing, useNavigate } from './routing';
import { AccessProvider, refusalsOf, replaceSession, resumeSession, useSession, type KnownSession } from './session';
import { Shell } from './Shell';

const LoginPage = lazy(patiently(() => import('../pages/login/LoginPage')));
const LoginAgain = lazy(patiently(() => import('../pages/login/LoginAgain')));
const SetupPage = lazy(patiently(() => import('../pages/login/SetupPage')));
const PasswordPage = lazy(patiently(() => import('../pages/login/ForcedPasswordPage')));

/**
 * The application of who is signed in. When the session ends it stays, beneath the sign-in form: the same person goes on with it,
 * and for another one it begins anew.
 */
function Application({ session, children }: { session: KnownSession; children: ReactNode }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [refusals] = useState(() => refusalsOf(client));
  const name = session.user?.name ?? '';
  useEffect(() => {
    setAgain(refusals.again);
    return () => setAgain(() => Promise.resolve(false));
  }, [refusals]);
  const enter = useCallback((fresh: Session) => {
    const same = fresh.user?.name === name;
    if (same) resumeSession(client, fresh);
    else {
      uploads.clear();
      replaceSession(client, fresh);
      navigate('/');
    }
    refusals.signedIn(same);
  }, [client, name, navigate, refusals]);
  return (
    <AccessProvider session={session}>
      <Fragment key={name}>{children}</Fragment>
      {session.ended && <Suspense><LoginAgain name={name} onEnter={enter} /></Suspense>}
    </AccessProvider>
  );
}

/** What somebody sees first: set-up, sign-in, a new password, or the application. */
function Gate({ children }: { children: ReactNode }) {
  const [setupToken, setSetupToken] = useState(() => pageParameter('setup'));
  const session = useSession();
  if (setupToken !== null) {
    const done = () => { dropPageParameters(); setSetupToken(null); };
    return <SetupPage token={setupToken} onDone={done} />;
  }
  if (session.error) return <LoadError error={session.error} retry={() => void session.refetch()} />;
  if (!session.data) return null;
  if (session.data.accounts && !session.data.user) return <LoginPage setupNeeded={session.data.setup_needed} />;
  if (session.data.user?.must_change_password) return <PasswordPage />;
  return <Application session={session.data}>{children}</Application>;
}

export function App({ first }: { first: Spoken }) {
  const [client] = useState(makeClient);
  return (
    <CSPProvider disableStyleElements>
      <TextProvider first={first}>
        <QueryClientProvider client={client}>
          <Routing>
            <Toasts>
              <Boundary>
                <Suspense>
                  <LiveProvider><Gate><Shell><Pages /></Shell></Gate></LiveProvider>
                </Suspense>
              </Boundary>
            </Toasts>
          </Routing>
        </QueryClientProvider>
      </TextProvider>
    </CSPProvider>
  );
}
