import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { call, part } from '../../api/client';
import { accessBase, sessionsQuery, tokensQuery } from '../../api/queries';
import { useAction } from '../../app/action';
import { Button } from '../../components/Button';
import { notify } from '../../components/notify';
import { Badge, LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Account.module.css';
import { browserName } from './browser_name';
import { usePermissionName } from '../users/role_name';
import { TokenDialog } from './TokenDialog';

function Sessions({ user }: { user: string | null }) {
  const { t, f } = useText();
  const sessions = useQuery(sessionsQuery(user));
  const end = useAction({
    run: (id: string) => call(`${accessBase(user)}/sessions/${part(id)}`, { method: 'DELETE' }),
    done: () => notify({ title: t.access.ended }),
    changes: [['sessions']],
  });
  return (
    <section>
      <h2>{t.access.sessions}</h2>
      <p className="muted">{t.access.sessionsHelp}</p>
      {sessions.isPending && <Skeleton rows={2} />}
      {sessions.error && <LoadError error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.data?.length === 0 && <p className="muted">{t.access.noSessions}</p>}
      <ul className={style.list}>
        {sessions.data?.map(session => (
          <li key={session.id} className={style.item}>
            <div>
              <p><strong title={session.user_agent}>{browserName(session.user_agent)}</strong> <span className="muted numeric">{session.address}</span> {session.current && <Badge tone="accent">{t.access.current}</Badge>}</p>
              <p className="muted">{t.access.lastUsed} {f.ago(session.last_used)} · {t.access.created} {f.moment(session.created)}</p>
            </div>
            {!session.current && <Button small aria-label={`${t.access.end}: ${browserName(session.user_agent)}, ${session.address}`} onClick={() => end.mutate(session.id)}>{t.access.end}</Button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tokens({ user }: { user: string | null }) {
  const { t, f } = useText();
  const permissionName = usePermissionName();
  const tokens = useQuery(tokensQuery(user));
  const [adding, setAdding] = useState(false);
  const revoke = useAction({
    run: ({ id }: { id: string; label: string }) => call(`${accessBase(user)}/tokens/${part(id)}`, { method: 'DELETE' }),
    done: (_, { label }) => notify({ title: t.access.revoked(label) }),
    changes: [['tokens']],
  });
  return (
    <section>
      <header className={style.head}>
        <div><h2>{t.access.tokens}</h2><p className="muted">{t.access.tokensHelp}</p></div>
        {user === null && <Button small icon={<Plus size={14} aria-hidden />} onClick={() => setAdding(true)}>{t.access.newToken}</Button>}
      </header>
      {tokens.isPending && <Skeleton rows={2} />}
      {tokens.error && <LoadError error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.data?.length === 0 && <p className="muted">{t.access.noTokens}</p>}
      <ul className={style.list}>
        {tokens.data?.map(token => (
          <li key={token.id} className={style.item}>
            <div>
              <p><strong>{token.label}</strong></p>
              <p className="muted">
                {t.access.expires} {token.expires ? f.day(token.expires) : t.access.noEnd}
                {token.permissions && ` · ${f.list(token.permissions.map(permissionName))}`}
                {token.last_used && ` · ${t.access.lastUsed} ${f.ago(token.last_used)}`}
              </p>
            </div>
            <Button small aria-label={`${t.access.revoke}: ${token.label}`} onClick={() => revoke.mutate(token)}>{t.access.revoke}</Button>
          </li>
        ))}
      </ul>
      {adding && <TokenDialog onClose={() => setAdding(false)} />}
    </section>
  );
}

/** Where somebody is signed in, and the tokens of their programs: one's own (null) or those of a user that one manages. */
export function AccessLists({ user }: { user: string | null }) {
  return <div className={style.stack}><Sessions user={user} /><Tokens user={user} /></div>;
}
