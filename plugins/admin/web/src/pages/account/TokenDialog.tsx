import { useState, type FormEvent } from 'react';
import { call } from '../../api/client';
import type { NewToken } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { CopyValue } from '../../components/CopyButton';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { Choice, Choices, Fields, SelectField, TextField } from '../../components/Field';
import { Note } from '../../components/Status';
import { useText } from '../../i18n/text';
import { usePermissionName } from '../users/role_name';

const kDays = [30, 90, 365];

/** Makes a token, and shows it this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const permissionName = usePermissionName();
  const { user } = useAccess();
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('90');
  const [permissions, setPermissions] = useState<string[] | null>(null);
  const create = useAction({
    run: () => call<NewToken>('api/session/tokens', { method: 'POST', body: { label: label.trim(), expires_days: days ? Number(days) : null, permissions } }),
    changes: [['tokens']],
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  if (create.data)
    return (
      <Dialog open wide onClose={onClose} title={t.access.tokenCreated}>
        <Note tone="warning">{t.access.tokenOnce}</Note>
        <CopyValue label={label} value={create.data.token} />
        <DialogFooter><Button kind="primary" onClick={onClose}>{t.common.close}</Button></DialogFooter>
      </Dialog>
    );
  const all = user?.permissions ?? [];
  return (
    <Dialog open onClose={onClose} title={t.access.newToken} description={t.access.tokensHelp}>
      <form onSubmit={submit}>
        <Fields>
          <TextField label={t.access.label} help={t.access.labelHelp} required maxLength={64} value={label} onChange={event => setLabel(event.target.value)} />
          <SelectField label={t.access.expiresDays} value={days} onChange={event => setDays(event.target.value)}>
            {kDays.map(n => <option key={n} value={n}>{t.access.days(n)}</option>)}
            <option value="">{t.access.noEnd}</option>
          </SelectField>
          <Choices label={t.access.tokenMay}>
            <Choice label={t.access.allYours} checked={permissions === null} onChange={event => setPermissions(event.target.checked ? null : all)} />
            {permissions !== null && all.map(permission => (
              <Choice key={permission} label={permissionName(permission)} checked={permissions.includes(permission)}
                onChange={event => setPermissions(all.filter(other => (other === permission ? event.target.checked : permissions.includes(other))))} />
            ))}
          </Choices>
        </Fields>
        <DialogFooter>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={create.isPending} disabled={!label.trim()}>{t.access.newToken}</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
