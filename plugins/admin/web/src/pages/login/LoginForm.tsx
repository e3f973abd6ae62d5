import { useEffect, useState, type FormEvent } from 'react';
import { ApiError, call } from '../../api/client';
import type { Session } from '../../api/types';
import { Button } from '../../components/Button';
import { Fields, TextField } from '../../components/Field';
import { PasswordField } from '../../components/PasswordField';
import { Note, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';

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

/** Name and password. `known` is who was signed in before: then only the password is missing. */
export function LoginForm({ known = '', onEnter }: { known?: string; onEnter: (session: Session) => void }) {
  const { t } = useText();
  const errorText = useErrorText();
  const [name, setName] = useState(known);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [wait, setWait] = useCountdown();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      onEnter(await call<Session>('api/session', { method: 'POST', body: { name, password }, final: true }));
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
    <form onSubmit={event => void submit(event)}>
      <Fields>
        <TextField label={t.login.name} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus={!known}
          value={name} onChange={event => setName(event.target.value)} />
        <PasswordField label={t.login.password} name="password" autoComplete="current-password" required
          value={password} onChange={event => setPassword(event.target.value)} />
        {wait > 0 && <Note tone="warning"><span role="timer">{t.login.wait(wait)}</span></Note>}
        {error && wait === 0 && <Note tone="danger">{error}</Note>}
        <Button kind="primary" type="submit" busy={busy} disabled={wait > 0}>{t.login.submit}</Button>
        <p className="muted">{t.login.help}</p>
      </Fields>
    </form>
  );
}
