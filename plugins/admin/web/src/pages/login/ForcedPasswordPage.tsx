import { useAction } from '../../app/action';
import { useSignOut } from '../../app/session';
import { Button } from '../../components/Button';
import { useText } from '../../i18n/text';
import { Frame } from './Frame';
import { PasswordForm } from './PasswordForm';

/** For who was given a password by somebody else. */
export default function ForcedPasswordPage() {
  const { t } = useText();
  const signOut = useAction({ run: useSignOut() });
  return (
    <Frame title={t.password.title}>
      <p className="muted">{t.password.forced}</p>
      <PasswordForm />
      <Button kind="quiet" busy={signOut.isPending} onClick={() => signOut.mutate()}>{t.app.signOut}</Button>
    </Frame>
  );
}
