import { extensionAddress, useExtensions, type Shown } from '../../app/extensions';
import { useNavigate } from '../../app/routing';

/** The first thing that a plugin offers to do with a study: a viewer, where there is one. */
export const useViewer = (): Shown | undefined => useExtensions('study_action')[0];

/** Opens a study with what a plugin offers, in a tab of its own or framed by the application. */
export function useStudyAction(): (action: Shown, uid: string) => void {
  const navigate = useNavigate();
  return (action, uid) => {
    if (action.new_tab) window.open(extensionAddress(action.url, uid), '_blank', 'noopener');
    else navigate(`/extensions/${encodeURIComponent(action.id)}?study=${encodeURIComponent(uid)}`);
  };
}
