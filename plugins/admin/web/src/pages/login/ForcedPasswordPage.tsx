import { useSignOut } from '../../app/session';
import { Button } from '../../components/Button';
import { useText } from '../../i18n/text';
import { Frame } from './Frame';
import { PasswordForm } from './PasswordForm';

/** For who was given a password by somebody else. */
export default function ForcedPasswordPage() {
  const { t } = useText();
  const signOut = useSignOut();
  return (
    <Frame title={t.password.title}>
      <p className="muted">{t.password.forced}</p>
      <PasswordForm />
      <Button kind="quiet" onClick={() => void signOut()}>{t.app.signOut}</Button>
    </Frame>
  );
}
