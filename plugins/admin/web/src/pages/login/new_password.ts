import { useState } from 'react';
import { useText } from '../../i18n/text';

export const kShortest = 10;

/** A new password that is typed twice; `problem` is said once somebody tried to send it. */
export function useNewPassword() {
  const { t } = useText();
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [tried, setTried] = useState(false);
  const short = password.length < kShortest;
  const differ = password !== repeated;
  return {
    password, setPassword, repeated, setRepeated,
    /** Whether it may be sent. */
    check: () => { setTried(true); return !short && !differ; },
    clear: () => { setPassword(''); setRepeated(''); setTried(false); },
    shortError: tried && short ? t.password.tooShort : null,
    differError: tried && !short && differ ? t.setup.differ : null,
  };
}
