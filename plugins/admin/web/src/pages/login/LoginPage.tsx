import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { ApiError, call } from '../../api/client';
import type { Session } from '../../api/types';
import { dropPageParameters, pageParameter, safeNext } from '../../app/addresses';
import { replaceSession } from '../../app/session';
import { Button } from '../../components/Button';
import { Fields, TextField } from '../../components/Field';
import { PasswordField } from '../../components/PasswordField';
import { Note, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { Frame } from './Frame';

/** Counts the seconds down that one has to wait. */
function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

export default function LoginPage({ setupNeeded, ended }: { setupNeeded: boolean; ended: boolean }) {
  const { t } = useText();
  const client = useQueryClient();
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [wait, setWait] = useCountdown();

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
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      enter(await call<Session>('api/session', { method: 'POST', body: { name, password } }));
    } catch (problem) {
      const status = problem instanceof ApiError ? problem.status : -1;
      if (problem instanceof ApiError && status === 429) setWait(problem.retryAfter ?? 30);
      else setError(status === 401 ? t.login.wrong : errorText(problem));
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame title={t.login.title}>
      {setupNeeded && <Note>{t.login.setupNeeded}</Note>}
      {ended && !error && wait === 0 && <p className="muted">{t.login.ended}</p>}
      <form onSubmit={event => void submit(event)}>
        <Fields>
          <TextField label={t.login.name} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus
            value={name} onChange={event => setName(event.target.value)} />
          <PasswordField label={t.login.password} name="password" autoComplete="current-password" required
            value={password} onChange={event => setPassword(event.target.value)} />
          {wait > 0 && <Note tone="warning"><span role="timer">{t.login.wait(wait)}</span></Note>}
          {error && wait === 0 && <Note tone="danger">{error}</Note>}
          <Button kind="primary" type="submit" busy={busy} disabled={wait > 0}>{t.login.submit}</Button>
          <p className="muted">{t.login.help}</p>
        </Fields>
      </form>
    </Frame>
  );
}
