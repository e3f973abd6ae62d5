/** Addresses of the application, which are in the fragment with their query: "/#/studies?search=doe". See addresses.ts. */

import { useSyncExternalStore, type ComponentProps, type ReactNode } from 'react';
import { Link, Router, useLocation } from 'wouter';

const kMoved = 'fermata:moved';

function listen(moved: () => void): () => void {
  // The browser's buttons and typed addresses; the last one is `navigate`, of which the browser says nothing.
  const events = ['popstate', 'hashchange', kMoved];
  for (const event of events) addEventListener(event, moved);
  return () => { for (const event of events) removeEventListener(event, moved); };
}

const pathOf = (hash: string): string => hash.replace(/^#/, '').split('?')[0] || '/';
const searchOf = (hash: string): string => hash.split('?').slice(1).join('?');

function navigate(to: string, { replace = false } = {}): void {
  // With the page's own path: a fragment alone would count from the page's base.
  const address = `${location.pathname}${location.search}#${to}`;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  dispatchEvent(new Event(kMoved));
}

const usePath = (): [string, typeof navigate] => [useSyncExternalStore(listen, () => pathOf(location.hash)), navigate];
const useFragmentSearch = (): string => useSyncExternalStore(listen, () => searchOf(location.hash));

const inFragment = { hook: usePath, searchHook: useFragmentSearch, hrefs: (path: string) => `#${path}` };

export const Routing = ({ children }: { children: ReactNode }) => <Router {...inFragment}>{children}</Router>;

export const useNavigate = (): typeof navigate => useLocation<typeof usePath>()[1];

/** A link to a page, which says whether that page, or one below it, is shown. */
export function NavLink({ to, className, ...rest }: Omit<ComponentProps<'a'>, 'className' | 'href' | 'ref'> & { to: string; className: (active: boolean) => string }) {
  const [path] = useLocation();
  const active = path === to || path.startsWith(`${to}/`);
  return <Link {...rest} to={to} className={className(active)} aria-current={active ? 'page' : undefined} />;
}
