import { useQuery } from '@tanstack/react-query';
import { CalendarDays, ChevronDown, ScanLine, Tag, X } from 'lucide-react';
import { labelsQuery } from '../../api/queries';
import { Button } from '../../components/Button';
import { Menu, MenuCheck, MenuLabel, MenuRadios } from '../../components/Menu';
import { useText } from '../../i18n/text';
import { isNarrowed, kModalities, type DateChoice, type ListFilter } from './filter';
import style from './FilterBar.module.css';

interface Props { filter: ListFilter; onChange: (change: Partial<ListFilter>) => void }

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useText();
  return (
    <button type="button" className={style.chip} aria-label={t.studies.removeFilter(text)} onClick={onRemove}>
      {text}<X size={13} aria-hidden />
    </button>
  );
}

function RangeFields({ filter, onChange }: Props) {
  const { t } = useText();
  return (
    <span className={style.range}>
      <label>{t.studies.from} <input type="date" value={filter.from} max={filter.to || undefined} onChange={event => onChange({ from: event.target.value })} /></label>
      <label>{t.studies.to} <input type="date" value={filter.to} min={filter.from || undefined} onChange={event => onChange({ to: event.target.value })} /></label>
    </span>
  );
}

/** The filters beside the search, and a chip for each that is set. */
export function FilterBar({ filter, onChange }: Props) {
  const { t } = useText();
  const { data: labels = [] } = useQuery(labelsQuery);
  const dates: { value: DateChoice; label: string }[] = [
    { value: 'any', label: t.studies.anyDate }, { value: 'today', label: t.studies.today }, { value: 'week', label: t.studies.week },
    { value: 'month', label: t.studies.month }, { value: 'range', label: t.studies.range },
  ];
  const toggle = (modality: string, on: boolean) =>
    onChange({ modality: on ? [...filter.modality, modality].toSorted() : filter.modality.filter(other => other !== modality) });
  const opener = (icon: React.ReactNode, text: string) => <Button small icon={icon}>{text}<ChevronDown size={14} aria-hidden /></Button>;
  const clear = () => onChange({ search: '', modality: [], date: 'any', from: '', to: '', label: '' });
  return (
    <div className={style.bar}>
      <Menu align="start" trigger={opener(<ScanLine size={15} aria-hidden />, t.studies.modality)}>
        {kModalities.map(modality => (
          <MenuCheck key={modality} checked={filter.modality.includes(modality)} onChange={on => toggle(modality, on)}>{modality}</MenuCheck>
        ))}
      </Menu>
      <Menu align="start" trigger={opener(<CalendarDays size={15} aria-hidden />, t.studies.date)}>
        <MenuRadios label={t.studies.date} value={filter.date} options={dates} onChange={date => onChange({ date })} />
      </Menu>
      <Menu align="start" trigger={opener(<Tag size={15} aria-hidden />, t.studies.label)}>
        {labels.length === 0 && <MenuLabel>{t.studies.noLabels}</MenuLabel>}
        {labels.length > 0 && <MenuRadios label={t.studies.label} value={filter.label}
          options={[{ value: '', label: t.common.all }, ...labels.map(({ label, studies }) => ({ value: label, label: `${label} (${studies})` }))]}
          onChange={label => onChange({ label })} />}
      </Menu>
      {filter.date === 'range' && <RangeFields filter={filter} onChange={onChange} />}
      {filter.modality.map(modality => <Chip key={modality} text={modality} onRemove={() => toggle(modality, false)} />)}
      {filter.date !== 'any' && filter.date !== 'range' && <Chip text={dates.find(({ value }) => value === filter.date)?.label ?? ''} onRemove={() => onChange({ date: 'any' })} />}
      {filter.label && <Chip text={filter.label} onRemove={() => onChange({ label: '' })} />}
      {isNarrowed(filter) && <Button small kind="quiet" onClick={clear}>{t.studies.clearFilters}</Button>}
    </div>
  );
}
