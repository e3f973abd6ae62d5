import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { call, part } from '../../api/client';
import { rolesQuery } from '../../api/queries';
import type { CreatedUser, User } from '../../api/types';
import { useAction } from '../../app/action';
import { Button } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { Choice, Choices, FieldRow, Fields, TextField } from '../../components/Field';
import { focusFirstError } from '../../components/first_error';
import { notify } from '../../components/notify';
import { Note, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { AlsoMay } from './AlsoMay';
import { useRoleName } from './role_name';
import { kUserName } from './user_name';
import { isComplete, toDrafts, toVisibility } from './visibility';
import { VisibilityEditor } from './VisibilityEditor';

/** Adds somebody, who then gets a link to set a password, or changes somebody. */
export function UserDialog({ user, onClose, onLink }: { user: User | null; onClose: () => void; onLink: (name: string, url: string | null) => void }) {
  const { t, f } = useText();
  const errorText = useErrorText();
  const roleName = useRoleName();
  const { data: roles = [] } = useQuery(rolesQuery);
  const [name, setName] = useState(user?.name ?? '');
  const [displayName, setDisplayName] = useState(user?.display_name ?? '');
  const [email, setEmail] = useState(user?.email ?? '');
  const [role, setRole] = useState(user?.role ?? 'clinician');
  const [also, setAlso] = useState<string[]>(user?.also ?? []);
  const [rules, setRules] = useState(user?.visibility ? toDrafts(user.visibility) : null);
  const [tried, setTried] = useState(false);
  const roleHelp: Record<string, string> = t.users.roleHelp;

  const save = useAction({
    run: () => {
      const fields = { display_name: displayName.trim(), email: email.trim(), role, also, visibility: rules && toVisibility(rules) };
      return user ? call<Partial<CreatedUser>>(`api/users/${part(user.name)}`, { method: 'PATCH', body: fields })
        : call<Partial<CreatedUser>>('api/users', { method: 'POST', body: { name: name.trim(), ...fields } });
    },
    done: answer => {
      notify({ title: t.users.saved(displayName || name) });
      onClose();
      onLink(name, answer?.setup_link ?? null);
    },
    changes: [['users'], ['session']],
    quiet: true,
  });
  const nameWrong = !kUserName.test(name.trim());
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    focusFirstError(event.currentTarget);
    if (!nameWrong && (rules === null || isComplete(rules))) save.mutate();
  };
  return (
    <Dialog open wide onClose={onClose} title={user ? t.users.editTitle(user.name) : t.users.addTitle}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <FieldRow>
            <TextField label={t.users.name} help={user ? undefined : t.users.nameHelp} error={tried && nameWrong ? t.users.nameInvalid : null} required disabled={user !== null}
              autoCapitalize="none" spellCheck={false} autoComplete="off" value={name} onChange={event => setName(event.target.value)} />
            <TextField label={t.users.displayName} autoComplete="off" value={displayName} onChange={event => setDisplayName(event.target.value)} />
          </FieldRow>
          <TextField label={t.users.email} type="email" optional autoComplete="off" value={email} onChange={event => setEmail(event.target.value)} />
          <Choices label={t.users.role}>
            {roles.map(known => (
              <Choice key={known.name} type="radio" name="role" label={roleName(known.name)} help={roleHelp[known.name] ?? `${t.users.may}: ${f.list(known.permissions)}`}
                checked={role === known.name} onChange={() => setRole(known.name)} />
            ))}
          </Choices>
          <AlsoMay roles={roles} role={role} also={also} onChange={setAlso} />
          <VisibilityEditor rules={rules} tried={tried} onChange={setRules} />
          {save.error && <Note tone="danger">{errorText(save.error)}</Note>}
        </Fields>
        <DialogFooter>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>{user ? t.common.save : t.users.add}</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
