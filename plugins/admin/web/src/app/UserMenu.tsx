import { Settings2, LogOut, UserRound } from 'lucide-react';
import { useState } from 'react';
import { Menu, MenuItem, MenuLabel, MenuRadios, MenuSeparator } from '../components/Menu';
import type { Language } from '../i18n/language';
import { useText } from '../i18n/text';
import { useAction } from './action';
import { useLive } from './live';
import { useNavigate } from './routing';
import style from './Navigation.module.css';
import { useAccess, useSignOut } from './session';
import { chooseTheme, kThemes, theme } from './theme';

export const kLanguageNames: { value: Language; label: string }[] = [{ value: 'en', label: 'English' }, { value: 'de', label: 'Deutsch' }];

const initials = (name: string) => name.split(/\s+/).map(word => word[0] ?? '').slice(0, 2).join('').toUpperCase();

/** Who is signed in, and what they can choose for themselves. */
export function UserMenu() {
  const { t, language, setLanguage } = useText();
  const { user, accounts } = useAccess();
  const { state } = useLive();
  const navigate = useNavigate();
  const signOut = useAction({ run: useSignOut() });
  const [chosen, setChosen] = useState(theme);
  const roleNames: Record<string, string> = t.users.roles;
  const name = user?.display_name || user?.name || '';
  return (
    <Menu side="top" align="start" trigger={(
      <button type="button" className={style.user}>
        <span className={style.avatar} aria-hidden="true">{user ? initials(name) : <Settings2 size={16} />}</span>
        <span className={style.who}>
          <span className={`${style.name} ellipsis`}>{user ? name : t.app.preferences}</span>
          {user && <span className={style.role}>{roleNames[user.role] ?? user.role}</span>}
          {user && <span className="visually-hidden">{t.app.menu}</span>}
        </span>
      </button>
    )}>
      {accounts && <MenuItem icon={<UserRound size={16} aria-hidden />} onClick={() => navigate('/account')}>{t.nav.account}</MenuItem>}
      {accounts && <MenuSeparator />}
      <MenuRadios label={t.app.language} value={language} options={kLanguageNames} onChange={value => void setLanguage(value)} />
      <MenuRadios label={t.app.theme} value={chosen} options={kThemes.map(value => ({ value, label: t.app.themes[value] }))}
        onChange={value => { chooseTheme(value); setChosen(value); }} />
      {accounts && (
        <>
          <MenuSeparator />
          <MenuItem icon={<LogOut size={16} aria-hidden />} onClick={() => signOut.mutate()}>{t.app.signOut}</MenuItem>
        </>
      )}
      {state.version && <MenuLabel>{t.app.version(state.version)}</MenuLabel>}
    </Menu>
  );
}
