/**
 * Addresses of the application are in the fragment ("/#/studies/1.2.3"): so it works below any path, and a UID, which
 * looks like a file with an ending, needs nothing of the server.
 */

/** Where to go after signing in: an address of this server below this application, or null for anything else. */
export function safeNext(next: string | null, base: string): string | null {
  if (!next) return null;
  let target: URL;
  try {
    // A path counts from the base, which a proxy may have put in front: "/viewer" is "/pacs/viewer".
    const root = new URL('.', base);
    const relative = next.startsWith(root.pathname) ? next : next.replace(/^\/(?![/\\])/, './');
    target = new URL(relative, root);
    return target.origin === root.origin && target.pathname.startsWith(root.pathname) ? target.href : null;
  } catch {
    return null;
  }
}

/** A value of the query of the page itself, such as ?setup=TOKEN. */
export const pageParameter = (name: string): string | null => new URLSearchParams(location.search).get(name);

/** Takes the query off the address, when it has done its work. */
export const dropPageParameters = (): void => history.replaceState(null, '', location.pathname + location.hash);

export const studyAddress = (uid: string): string => `/studies/${encodeURIComponent(uid)}`;
