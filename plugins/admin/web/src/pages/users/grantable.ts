import type { Role } from '../../api/types';

/** What can be allowed besides a role: all that there is, which the administrator has, but not to manage accounts. */
export function grantable(roles: Role[], role: string): string[] {
  const of = (name: string) => roles.find(other => other.name === name)?.permissions ?? [];
  const own = of(role);
  return role === 'administrator' ? [] : of('administrator').filter(permission => permission !== 'users.manage' && !own.includes(permission));
}
