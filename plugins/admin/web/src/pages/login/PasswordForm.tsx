import { useState, type FormEvent } from 'react';
import { call } from '../../api/client';
import { useAction } from '../../app/action';
import { Button } from '../../components/Button';
import { Fields } from '../../components/Field';
import { notify } from '../../components/notify';
import { PasswordField } from '../../components/PasswordField';
import { Note, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { useNewPassword } from './new_password';

/** Changes one's own password. */
export function PasswordForm() {
  const { t } = useText();
  const errorText = useErrorText();
  const [old, setOld] = useState('');
  const secret = useNewPassword();
  const change = useAction({
    run: () => call('api/session/password', { method: 'PUT', body: { old, new: secret.password } }),
    done: () => {
      setOld('');
      secret.clear();
      notify({ title: t.password.changed });
    },
    changes: [['session'], ['sessions']],
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (secret.check()) change.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <PasswordField label={t.password.old} autoComplete="current-password" required value={old} onChange={event => setOld(event.target.value)} />
        <PasswordField label={t.password.new} help={t.setup.passwordHelp} error={secret.shortError} autoComplete="new-password" required
          value={secret.password} onChange={event => secret.setPassword(event.target.value)} />
        <PasswordField label={t.password.repeat} error={secret.differError} autoComplete="new-password" required
          value={secret.repeated} onChange={event => secret.setRepeated(event.target.value)} />
        {change.error && <Note tone="danger">{errorText(change.error)}</Note>}
        <div><Button kind="primary" type="submit" busy={change.isPending}>{t.password.submit}</Button></div>
      </Fields>
    </form>
  );
}
