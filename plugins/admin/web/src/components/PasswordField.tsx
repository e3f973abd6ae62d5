import { Eye, EyeOff } from 'lucide-react';
import { useState, type ComponentProps } from 'react';
import { useText } from '../i18n/text';
import { IconButton } from './Button';
import { TextField } from './Field';
import style from './PasswordField.module.css';

/** A password that can be shown; warns of the Caps Lock key. */
export function PasswordField({ help, ...rest }: ComponentProps<typeof TextField>) {
  const { t } = useText();
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  return (
    <div className={style.frame}>
      <TextField {...rest} type={shown ? 'text' : 'password'} help={caps ? t.login.capsLock : help} spellCheck={false} autoCapitalize="none"
        onKeyUp={event => setCaps(event.getModifierState('CapsLock'))} />
      <IconButton className={style.eye} label={t.login.showPassword} aria-pressed={shown}
        icon={shown ? <EyeOff size={17} aria-hidden /> : <Eye size={17} aria-hidden />} onClick={() => setShown(!shown)} />
    </div>
  );
}
