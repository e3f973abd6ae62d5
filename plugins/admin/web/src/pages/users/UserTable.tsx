import { KeyRound, Link2, MoreHorizontal, PenLine, Trash2, UserCheck, UserX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call, part } from '../../api/client';
import type { User } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button, IconButton } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { Confirm } from '../../components/Dialog';
import { Menu, MenuItem, MenuSeparator } from '../../components/Menu';
import { notify } from '../../components/notify';
import { Badge } from '../../components/Status';
import { useText } from '../../i18n/text';
import { usePermissionName, useRoleName } from './role_name';
import style from './Users.module.css';

interface Actions { onEdit: (user: User) => void; onAccess: (user: User) => void; onAsk: (what: 'reset' | 'delete', user: User) => void }

function RowActions({ user, onEdit, onAccess, onAsk }: { user: User } & Actions) {
  const { t } = useText();
  const changes = [['users']];
  const enable = useAction({
    run: (enabled: boolean) => call(`api/users/${part(user.name)}`, { method: 'PATCH', body: { enabled } }),
    done: (_, enabled) => notify({
      title: enabled ? t.users.enabledToast(user.name) : t.users.disabledToast(user.name),
      ...(!enabled && { action: { label: t.common.undo, run: () => enable.mutate(true) } }),
    }),
    changes,
  });
  return (
    <div className={style.actions}>
      <Button small icon={<PenLine size={14} aria-hidden />} aria-label={`${t.common.edit}: ${user.name}`} onClick={() => onEdit(user)}>{t.common.edit}</Button>
      <Menu trigger={<IconButton label={`${t.common.moreActions}: ${user.name}`} icon={<MoreHorizontal size={18} aria-hidden />} />}>
        <MenuItem icon={<Link2 size={16} aria-hidden />} onClick={() => onAsk('reset', user)}>{t.users.reset}</MenuItem>
        <MenuItem icon={<KeyRound size={16} aria-hidden />} onClick={() => onAccess(user)}>{t.users.access}</MenuItem>
        {user.enabled ? <MenuItem icon={<UserX size={16} aria-hidden />} onClick={() => enable.mutate(false)}>{t.users.disable}</MenuItem>
          : <MenuItem icon={<UserCheck size={16} aria-hidden />} onClick={() => enable.mutate(true)}>{t.users.enable}</MenuItem>}
        <MenuSeparator />
        <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onClick={() => onAsk('delete', user)}>{t.users.delete}</MenuItem>
      </Menu>
    </div>
  );
}

interface Props { users: User[]; onEdit: (user: User) => void; onAccess: (user: User) => void; onLink: (name: string, url: string | null) => void }

export function UserTable({ users, onEdit, onAccess, onLink }: Props) {
  const { t, f } = useText();
  const me = useAccess().user?.name;
  const roleName = useRoleName();
  const permissionName = usePermissionName();
  const [asked, setAsked] = useState<{ what: 'reset' | 'delete'; user: User } | null>(null);
  const close = () => setAsked(null);
  const reset = useAction({
    run: (name: string) => call<{ setup_link: string }>(`api/users/${part(name)}/reset`, { method: 'POST' }),
    done: (answer, name) => { close(); onLink(name, answer.setup_link); },
    changes: [['users']],
  });
  const remove = useAction({
    run: (name: string) => call(`api/users/${part(name)}`, { method: 'DELETE' }),
    done: (_, name) => { close(); notify({ title: t.users.deleted(name) }); },
    changes: [['users']],
  });
  const columns = useMemo<Column<User>[]>(() => [
    {
      id: 'name', header: t.users.name, value: user => user.name,
      cell: user => <><strong>{user.display_name || user.name}</strong>{user.name === me && <span className="muted"> ({t.users.you})</span>}<span className={style.small}>{[user.name, user.email].filter(Boolean).join(' · ')}</span></>,
    },
    { id: 'role', header: t.users.role, value: user => user.role, cell: user => <>{roleName(user.role)}{user.also.length > 0 && <span className={style.small}>{t.users.alsoList(user.also.map(permissionName))}</span>}</> },
    { id: 'sees', header: t.users.sees, minor: true, cell: user => (user.visibility ? t.users.seesSome(user.visibility.all_of.length) : t.users.seesAll) },
    {
      id: 'state', header: t.users.state, value: user => String(user.enabled),
      cell: user => (
        <>
          <Badge tone={user.enabled ? 'good' : 'neutral'}>{user.enabled ? t.users.enabled : t.users.disabled}</Badge>
          {user.must_change_password && <span className={style.small}>{t.users.mustChange}</span>}
        </>
      ),
    },
    { id: 'login', header: t.users.lastLogin, minor: true, value: user => user.last_login ?? '', cell: user => (user.last_login ? <span title={f.moment(user.last_login)}>{f.ago(user.last_login)}</span> : <span className="muted">{t.common.never}</span>) },
    { id: 'actions', header: t.common.actions, hiddenHeader: true, cell: user => <RowActions user={user} onEdit={onEdit} onAccess={onAccess} onAsk={(what, who) => setAsked({ what, user: who })} /> },
  ], [t, f, me, roleName, permissionName, onEdit, onAccess]);
  const name = asked?.user.name ?? '';
  return (
    <>
      <DataTable caption={t.users.title} columns={columns} rows={users} rowKey={user => user.name} rowClass={user => (user.enabled ? undefined : style.off)} />
      <Confirm open={asked?.what === 'reset'} title={t.users.resetTitle(name)} text={t.users.resetHelp} action={t.users.reset} busy={reset.isPending} onConfirm={() => reset.mutate(name)} onClose={close} />
      <Confirm open={asked?.what === 'delete'} title={t.users.deleteTitle(name)} text={t.users.deleteHelp} action={t.users.delete} busy={remove.isPending} onConfirm={() => remove.mutate(name)} onClose={close} />
    </>
  );
}
