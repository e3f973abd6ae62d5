import { WifiOff } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, type MouseEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { loadSay, useText } from '../i18n/text';
import { keepFocus } from './keep_focus';
import { useLive } from './live';
import { Navigation } from './Navigation';
import { patiently } from './patiently';
import { useUploads } from '../upload/uploads';
import style from './Shell.module.css';

const UploadPanel = lazy(patiently(() => import('../upload/UploadPanel')));

/** The frame of the application: navigation beside the page, and what is to be known everywhere above it. */
export function Shell({ children }: { children: ReactNode }) {
  const { t, language } = useText();
  const { offline } = useLive();
  const uploading = useUploads().items.length > 0;
  const main = useRef<HTMLElement>(null);
  const section = useLocation()[0].split('/')[1];
  const shown = useRef(section);

  // Who comes to another page starts at its beginning, also with a screen reader.
  useEffect(() => {
    if (shown.current !== section) main.current?.focus({ preventScroll: true });
    shown.current = section;
  }, [section]);

  // All pages but the list of studies say what the server says: it comes along with them.
  useEffect(() => { if (section && section !== 'studies') void loadSay(language); }, [section, language]);

  useEffect(() => (main.current ? keepFocus(main.current) : undefined), []);

  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
  };
  return (
    <div className={style.shell}>
      <a className={style.skip} href="#main" onClick={skip}>{t.app.skip}</a>
      <Navigation />
      <div className={style.column}>
        <div aria-live="assertive">
          {offline && <div className={style.offline}><WifiOff size={16} aria-hidden />{t.app.offline}</div>}
        </div>
        <main ref={main} id="main" tabIndex={-1} className={style.main}>{children}</main>
      </div>
      {uploading && <Suspense><UploadPanel /></Suspense>}
    </div>
  );
}
