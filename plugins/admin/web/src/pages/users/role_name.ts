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

/** What a permission lets people do; one of a plugin that nobody knows here keeps its word. */
export function usePermissionName(): (permission: string) => string {
  const { t } = useText();
  return useCallback(permission => {
    const names: Record<string, string> = t.users.permissions;
    return names[permission] ?? permission;
  }, [t]);
}
