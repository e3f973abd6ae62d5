import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { labelsQuery } from '../../api/queries';
import { TextField } from '../../components/Field';

/** A label, with those that are in use as proposals. */
export function LabelField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  const { data: labels = [] } = useQuery(labelsQuery);
  return (
    <>
      <TextField label={label} list={id} value={value} maxLength={64} autoComplete="off" onChange={event => onChange(event.target.value)} />
      <datalist id={id}>{labels.map(known => <option key={known.label} value={known.label}>{known.label}</option>)}</datalist>
    </>
  );
}
