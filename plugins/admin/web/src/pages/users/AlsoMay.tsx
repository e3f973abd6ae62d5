import type { Role } from '../../api/types';
import { Choice, Choices } from '../../components/Field';
import { useText } from '../../i18n/text';
import { grantable } from './grantable';
import { usePermissionName } from './role_name';

/** What somebody may besides what their role allows. */
export function AlsoMay({ roles, role, also, onChange }: { roles: Role[]; role: string; also: string[]; onChange: (also: string[]) => void }) {
  const { t } = useText();
  const permissionName = usePermissionName();
  const choices = grantable(roles, role);
  if (choices.length === 0) return null;
  return (
    <Choices label={t.users.also} inline>
      {choices.map(permission => (
        <Choice key={permission} label={permissionName(permission)} checked={also.includes(permission)}
          onChange={event => onChange(event.target.checked ? [...also, permission] : also.filter(other => other !== permission))} />
      ))}
    </Choices>
  );
}
