import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../components/Button';
import { useText } from '../../i18n/text';
import style from './SearchField.module.css';

const kPause = 250;

/** Whether a key press is meant for a field rather than for the page. */
const isTyping = (target: EventTarget | null) => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null;

/** Searches while one types, with a little patience. "/" comes here from anywhere on the page. */
export function SearchField({ value, onSearch, onLeave }: { value: string; onSearch: (text: string) => void; onLeave: () => void }) {
  const { t } = useText();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);

  // The search was changed elsewhere, for instance with "back".
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);

  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => { sent.current = typed; onSearch(typed); }, kPause);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);

  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.select();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);

  return (
    <div className={style.frame} role="search">
      <Search size={17} className={style.icon} aria-hidden />
      <input ref={field} type="text" inputMode="search" enterKeyHint="search" className={style.input} aria-label={t.studies.searchLabel} placeholder={t.studies.searchHint}
        aria-keyshortcuts="/" autoComplete="off" spellCheck={false} value={typed}
        onChange={event => setTyped(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape' && typed) setTyped('');
          if (event.key === 'Enter' && typed !== value) { sent.current = typed; onSearch(typed); }
          if (event.key === 'ArrowDown') { event.preventDefault(); onLeave(); }
        }} />
      {typed ? <IconButton className={style.clear} label={t.common.clear} icon={<X size={16} aria-hidden />} onClick={() => { setTyped(''); field.current?.focus(); }} />
        : <kbd className={style.key} aria-hidden="true">/</kbd>}
    </div>
  );
}
