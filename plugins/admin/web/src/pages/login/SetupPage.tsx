import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, call, part } from '../../api/client';
import type { Session, SetupPurpose } from '../../api/types';
import { useAction } from '../../app/action';
import { askSession, replaceSession } from '../../app/session';
import { Button } from '../../components/Button';
import { Fields, TextField } from '../../components/Field';
import { PasswordField } from '../../components/PasswordField';
import { LoadError, Note, Skeleton, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { kUserName } from '../users/user_name';
import { Frame } from './Frame';
import { useNewPassword } from './new_password';

function SetupForm({ token, purpose, onDone }: { token: string; purpose: SetupPurpose; onDone: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const errorText = useErrorText();
  const [name, setName] = useState(purpose.name ?? '');
  const [displayName, setDisplayName] = useState(purpose.display_name ?? '');
  const [tried, setTried] = useState(false);
  const secret = useNewPassword();
  const first = purpose.name === null;
  const nameWrong = !kUserName.test(name.trim());
  const send = useAction({
    run: () => call<Session>('api/setup', { method: 'POST', body: { token, name: name.trim(), display_name: displayName, password: secret.password } }),
    done: session => {
      replaceSession(client, session);
      onDone();
    },
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (secret.check() && !(first && nameWrong)) send.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <p className="muted">{purpose.name === null ? t.setup.firstHelp : t.setup.invitedHelp(purpose.name)}</p>
        {first && <TextField label={t.setup.name} help={t.setup.nameHelp} error={tried && nameWrong ? t.users.nameInvalid : null} autoComplete="username" autoCapitalize="none"
          spellCheck={false} required autoFocus value={name} onChange={event => setName(event.target.value)} />}
        {!first && <input type="hidden" name="username" autoComplete="username" value={name} readOnly />}
        <TextField label={t.setup.displayName} autoComplete="name" value={displayName} onChange={event => setDisplayName(event.target.value)} optional />
        <PasswordField label={t.setup.password} help={t.setup.passwordHelp} error={secret.shortError} autoComplete="new-password" required
          value={secret.password} onChange={event => secret.setPassword(event.target.value)} />
        <PasswordField label={t.setup.repeat} error={secret.differError} autoComplete="new-password" required
          value={secret.repeated} onChange={event => secret.setRepeated(event.target.value)} />
        {send.error && <Note tone="danger">{errorText(send.error)}</Note>}
        <Button kind="primary" type="submit" busy={send.isPending}>{first ? t.setup.submit : t.setup.submitInvited}</Button>
      </Fields>
    </form>
  );
}

const kGone = [400, 403, 404, 410];

/** Who can help on: an administrator, or where there is none yet, a restart. */
function GoneLink({ onDone }: { onDone: () => void }) {
  const { t } = useText();
  const { data: session, isPending } = useQuery({ queryKey: ['setup', 'needed'], queryFn: askSession });
  return (
    <Frame title={t.setup.goneTitle}>
      {isPending ? <Skeleton rows={2} /> : <p className="muted">{session?.setup_needed ? t.setup.goneFirst : t.setup.gone}</p>}
      <Button kind="primary" onClick={onDone}>{t.setup.toLogin}</Button>
    </Frame>
  );
}

/** Uses up a link for the first administrator, an invitation or a new password. */
export default function SetupPage({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useText();
  const purpose = useQuery({
    queryKey: ['setup', token],
    queryFn: ({ signal }) => call<SetupPurpose>(`api/setup?token=${part(token)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (purpose.error instanceof ApiError && kGone.includes(purpose.error.status))
    return <GoneLink onDone={onDone} />;
  return (
    <Frame title={purpose.data?.name ? t.setup.invited : t.setup.first}>
      {purpose.error && <LoadError error={purpose.error} retry={() => void purpose.refetch()} />}
      {purpose.isPending && <Skeleton rows={4} />}
      {purpose.data && <SetupForm token={token} purpose={purpose.data} onDone={onDone} />}
    </Frame>
  );
}
