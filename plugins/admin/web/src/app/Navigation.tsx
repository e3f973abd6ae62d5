import { ExternalLink, Menu, Puzzle, X } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../i18n/text';
import { extensionAddress, useExtensions } from './extensions';
import { useHas, useLive } from './live';
import { navigation } from './entries';
import style from './Navigation.module.css';
import { NavLink } from './routing';
import { useAccess } from './session';
import { UserMenu } from './UserMenu';

/** A number beside an entry; read out with what it counts. */
function Count({ n, text, tone }: { n: number | undefined; text: (n: number) => string; tone: 'alert' | 'calm' }) {
  if (!n) return null;
  return (
    <span className={`${style.count} ${style[tone]}`} title={text(n)}>
      <span aria-hidden="true">{n > 99 ? '99+' : n}</span><span className="visually-hidden">{text(n)}</span>
    </span>
  );
}

function EntryCount({ path }: { path: string }) {
  const { t } = useText();
  const { state } = useLive();
  const { can } = useAccess();
  if (path === '/nodes' && can('nodes.manage')) return <Count n={state.knocking} text={t.nav.knocking} tone="alert" />;
  if (path === '/queue' && state.jobs_failed) return <Count n={state.jobs_failed} text={t.nav.failed} tone="alert" />;
  if (path === '/queue') return <Count n={state.jobs_running} text={t.nav.running} tone="calm" />;
  if (path === '/health' && state.degraded) return <span className={`${style.count} ${style.alert}`} title={t.app.degraded}>!<span className="visually-hidden">{t.app.degraded}</span></span>;
  return null;
}

/** On a phone, what the closed menu hides. */
function Attention() {
  const { t } = useText();
  const { state } = useLive();
  const { can } = useAccess();
  if (!state.degraded && !state.jobs_failed && !(state.knocking && can('nodes.manage'))) return null;
  return <span className={`${style.count} ${style.alert}`} title={t.nav.attention}>!<span className="visually-hidden">{t.nav.attention}</span></span>;
}

/** On a phone the entries are behind a button, until somebody goes to another page; elsewhere they are always there. */
function useDrawer(nav: RefObject<HTMLElement | null>): [open: boolean, toggle: () => void] {
  const [pathname] = useLocation();
  const [openedAt, setOpenedAt] = useState<string | null>(null);
  const open = openedAt === pathname;
  useEffect(() => {
    const around = nav.current;
    if (!open || !around) return undefined;
    const close = () => setOpenedAt(null);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      close();
      around.querySelector('button')?.focus();
    };
    // What lies beneath is not reached while it is covered.
    const onFocusOut = (event: FocusEvent) => {
      if (event.relatedTarget instanceof Node && !around.contains(event.relatedTarget)) close();
    };
    around.addEventListener('keydown', onKey);
    around.addEventListener('focusout', onFocusOut);
    return () => {
      around.removeEventListener('keydown', onKey);
      around.removeEventListener('focusout', onFocusOut);
    };
  }, [open, nav]);
  return [open, () => setOpenedAt(open ? null : pathname)];
}

export function Navigation() {
  const { t } = useText();
  const { can, accounts } = useAccess();
  const has = useHas();
  const pages = useExtensions('page');
  const nav = useRef<HTMLElement>(null);
  const [open, toggle] = useDrawer(nav);
  const allowed = navigation.map(group => ({ ...group, entries: group.entries.filter(entry => can(entry.permission) && (accounts || !entry.accounts) && (!entry.part || has(entry.part))) }));
  const linkClass = (active: boolean) => `${style.link} ${active ? style.active : ''}`;
  return (
    <nav ref={nav} className={`${style.nav} ${open ? style.drawn : ''}`} aria-label={t.app.navigation}>
      <div className={style.brand}>
        <img src="./favicon.svg" alt="" width="26" height="26" /><span className={style.name}>Fermata</span>
      </div>
      <button type="button" className={style.menu} aria-expanded={open} aria-controls="entries" onClick={toggle}>
        {open ? <X size={18} aria-hidden /> : <Menu size={18} aria-hidden />}{t.nav.menu}{!open && <Attention />}
      </button>
      <div id="entries" className={style.groups}>
        {allowed.map(({ label, entries }) => entries.length > 0 && (
          <div key={label} className={style.group}>
            {label !== 'work' && <div className={style.heading}>{t.nav[label]}</div>}
            <ul>
              {entries.map(({ path, label: name, icon: Icon }) => (
                <li key={path}>
                  <NavLink to={path} className={linkClass} title={t.nav[name]}>
                    <Icon size={18} aria-hidden /><span className={style.text}>{t.nav[name]}</span><EntryCount path={path} />
                  </NavLink>
                </li>
              ))}
              {label === 'work' && pages.map(page => (
                <li key={page.id}>
                  {page.new_tab
                    ? (
                      <a className={style.link} href={extensionAddress(page.url)} target="_blank" rel="noopener" title={page.label}>
                        <ExternalLink size={18} aria-hidden /><span className={style.text}>{page.label}</span>
                      </a>
                    )
                    : <NavLink to={`/extensions/${encodeURIComponent(page.id)}`} className={linkClass} title={page.label}><Puzzle size={18} aria-hidden /><span className={style.text}>{page.label}</span></NavLink>}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <UserMenu />
    </nav>
  );
}
