import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Session } from '../../api/types';
import { dropPageParameters, pageParameter, safeNext } from '../../app/addresses';
import { replaceSession } from '../../app/session';
import { Note } from '../../components/Status';
import { useText } from '../../i18n/text';
import { Frame } from './Frame';
import { LoginForm } from './LoginForm';

export default function LoginPage({ setupNeeded }: { setupNeeded: boolean }) {
  const { t } = useText();
  const client = useQueryClient();

  // The form takes the focus with it when it goes: who has signed in goes on at the page.
  useEffect(() => () => { setTimeout(() => { document.getElementById('main')?.focus({ preventScroll: true }); }); }, []);

  const enter = (session: Session) => {
    const next = safeNext(pageParameter('next'), document.baseURI);
    if (next) location.assign(next);
    else {
      dropPageParameters();
      replaceSession(client, session);
    }
  };
  return (
    <Frame title={t.login.title}>
      {setupNeeded && <Note>{t.login.setupNeeded}</Note>}
      <LoginForm onEnter={enter} />
    </Frame>
  );
}
