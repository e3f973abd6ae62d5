import type { ReactNode } from 'react';
import { usePageTitle } from '../../components/Page';
import { kLanguageNames } from '../../app/UserMenu';
import { useText } from '../../i18n/text';
import style from './Frame.module.css';

/** The sheet in the middle of the screen for who is not in yet. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  usePageTitle(title);
  const { t, language, setLanguage } = useText();
  return (
    <div className={style.screen}>
      <main className={style.sheet}>
        <div className={style.brand}><img src="./favicon.svg" alt="" width="30" height="30" />Fermata</div>
        <h1>{title}</h1>
        {children}
      </main>
      <div className={style.languages} role="group" aria-label={t.app.language}>
        {kLanguageNames.map(({ value, label }) => (
          <button key={value} type="button" lang={value} aria-pressed={language === value} onClick={() => void setLanguage(value)}>{label}</button>
        ))}
      </div>
    </div>
  );
}
