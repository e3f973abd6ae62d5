import { useState } from 'react';
import { useAccess } from '../../app/session';
import { chooseTheme, kThemes, theme } from '../../app/theme';
import { kLanguageNames } from '../../app/UserMenu';
import { Fields } from '../../components/Field';
import { Card, Columns, Page } from '../../components/Page';
import { Segments } from '../../components/Segments';
import { useText } from '../../i18n/text';
import { PasswordForm } from '../login/PasswordForm';
import { useRoleName } from '../users/role_name';
import { AccessLists } from './AccessLists';
import style from './Account.module.css';

export default function AccountPage() {
  const { t, language, setLanguage } = useText();
  const { user } = useAccess();
  const roleName = useRoleName();
  const [chosen, setChosen] = useState(theme);
  if (!user) return null;
  return (
    <Page title={t.account.title}>
      <Columns>
        <Card title={t.account.profile}>
          <dl className={style.facts}>
            <div><dt>{t.users.name}</dt><dd>{user.name}</dd></div>
            <div><dt>{t.users.displayName}</dt><dd>{user.display_name || t.common.none}</dd></div>
            <div><dt>{t.users.email}</dt><dd>{user.email || t.common.none}</dd></div>
            <div><dt>{t.users.role}</dt><dd>{roleName(user.role)}</dd></div>
          </dl>
        </Card>
        <Card title={t.account.appearance}>
          <Fields>
            <Segments label={t.app.language} value={language} options={kLanguageNames} onChange={value => void setLanguage(value)} />
            <Segments label={t.app.theme} value={chosen} options={kThemes.map(value => ({ value, label: t.app.themes[value] }))} onChange={value => { chooseTheme(value); setChosen(value); }} />
          </Fields>
        </Card>
      </Columns>
      <Columns>
        <Card title={t.account.password}><PasswordForm /></Card>
        <Card><AccessLists user={null} /></Card>
      </Columns>
    </Page>
  );
}
