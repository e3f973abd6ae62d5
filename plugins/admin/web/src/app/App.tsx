import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { LoadError } from '../components/Status';
import { Toasts } from '../components/Toasts';
import type { Messages } from '../i18n/en';
import type { Language } from '../i18n/language';
import { TextProvider } from '../i18n/text';
import { dropPageParameters, pageParameter } from './addresses';
import { Boundary } from './Boundary';
import { makeClient } from './client';
import { LiveProvider } from './live';
import { Pages } from './Pages';
import { patiently } from './patiently';
import { Routing } from './routing';
import { AccessProvider, useSession } from './session';
import { Shell } from './Shell';

const LoginPage = lazy(patiently(() => import('../pages/login/LoginPage')));
const SetupPage = lazy(patiently(() => import('../pages/login/SetupPage')));
const PasswordPage = lazy(patiently(() => import('../pages/login/ForcedPasswordPage')));

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
  if (session.data.accounts && !session.data.user) return <LoginPage setupNeeded={session.data.setup_needed} ended={session.data.ended ?? false} />;
  if (session.data.user?.must_change_password) return <PasswordPage />;
  return <AccessProvider session={session.data}>{children}</AccessProvider>;
}

export function App({ first }: { first: { language: Language; messages: Messages } }) {
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
