import type { Right } from '../../api/types';
import { Choice, Choices } from '../../components/Field';
import { useText } from '../../i18n/text';
import { kRights, withRight } from './draft';

export function RightsChoice({ rights, onChange }: { rights: Right[]; onChange: (rights: Right[]) => void }) {
  const { t } = useText();
  return (
    <Choices label={t.nodeForm.rights}>
      {kRights.map(right => (
        <Choice key={right} label={t.nodes.right[right]} help={t.nodes.rightHelp[right]} checked={rights.includes(right)}
          onChange={event => onChange(withRight(rights, right, event.target.checked))} />
      ))}
    </Choices>
  );
}
