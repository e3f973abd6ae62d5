/**
 * Where the keyboard goes on when what had the focus is gone: somebody was let in, or taken off a list. The browser would begin at
 * the top of the page.
 */

const kFocusable = ':is(button, a[href], input, select, textarea, summary, [tabindex="0"]):not(:disabled, [type="hidden"])';
const kAbove = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/** The first thing that can be used of what is left of the list or card, or else the page. `path`: from what is gone upwards. */
function successor(path: Element[], main: HTMLElement): HTMLElement {
  for (const place of path) {
    if (place === main) break;
    const next = place.isConnected && place.closest('section') ? place.querySelector<HTMLElement>(kFocusable) : null;
    if (next) return next;
  }
  return main;
}

/** Until the answer is called. What lies above the page for a while, a dialog or a menu, gives the focus back and is passed over. */
export function keepFocus(main: HTMLElement): () => void {
  let path: Element[] = [];
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || target.closest(kAbove)) return;
    path = [];
    for (let place: Element | null = main.contains(target) ? target : null; place; place = place.parentElement) path.push(place);
  };
  const look = () => {
    const [last] = path;
    if (last && !last.isConnected && document.activeElement === document.body) successor(path, main).focus({ preventScroll: true });
  };
  const observer = new MutationObserver(look);
  document.addEventListener('focusin', remember);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener('focusin', remember);
    observer.disconnect();
  };
}
