import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../components/Button';
import { Choice, Choices, SelectField, TextField } from '../../components/Field';
import { Note } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Users.module.css';
import { isComplete, kAttributes, withRule, type RuleDraft } from './visibility';

interface Props { rules: RuleDraft[] | null; tried: boolean; onChange: (rules: RuleDraft[] | null) => void }

/** All studies, or those for which every rule holds. */
export function VisibilityEditor({ rules, tried, onChange }: Props) {
  const { t } = useText();
  const set = (key: number, change: Partial<RuleDraft>) => onChange((rules ?? []).map(rule => (rule.key === key ? { ...rule, ...change } : rule)));
  return (
    <Choices label={t.users.visibility}>
      <Choice type="radio" name="visibility" label={t.users.visibilityAll} checked={rules === null} onChange={() => onChange(null)} />
      <Choice type="radio" name="visibility" label={t.users.visibilitySome} checked={rules !== null} onChange={() => onChange(rules ?? withRule([]))} />
      {rules && (
        <div className={style.rules}>
          {rules.map(rule => (
            <div key={rule.key} className={style.rule}>
              <SelectField label={t.users.ruleAttribute} value={rule.attribute}
                onChange={event => set(rule.key, { attribute: kAttributes.find(known => known === event.target.value) ?? 'label' })}>
                {kAttributes.map(attribute => <option key={attribute} value={attribute}>{t.users.attribute[attribute]}</option>)}
              </SelectField>
              <TextField label={t.users.values} help={t.users.valuesHelp} value={rule.values} onChange={event => set(rule.key, { values: event.target.value })} />
              <IconButton className={style.ruleRemove} label={t.users.removeRule} icon={<X size={16} aria-hidden />} disabled={rules.length === 1} onClick={() => onChange(rules.filter(other => other.key !== rule.key))} />
            </div>
          ))}
          {tried && !isComplete(rules) && <Note tone="danger">{t.users.ruleNeeded}</Note>}
          <div><Button small icon={<Plus size={14} aria-hidden />} onClick={() => onChange(withRule(rules))}>{t.users.addRule}</Button></div>
        </div>
      )}
    </Choices>
  );
}
