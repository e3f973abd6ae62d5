import { useCallback } from 'react';
import { useText } from '../../i18n/text';

/** The name of a role as people say it. */
export function useRoleName(): (role: string) => string {
  const { t } = useText();
  return useCallback(role => {
    const names: Record<string, string> = t.users.roles;
    return names[role] ?? role;
  }, [t]);
}
