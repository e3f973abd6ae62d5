import { useQuery } from '@tanstack/react-query';
import { useId, useState, type ComponentProps, type FormEvent } from 'react';
import { call, part } from '../../api/client';
import { nodesQuery } from '../../api/queries';
import type { Items, WorklistItem } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { FieldRow, Fields, SelectField, TextField } from '../../components/Field';
import { focusFirstError } from '../../components/first_error';
import { notify } from '../../components/notify';
import { Note, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { kModalities } from '../studies/filter';
import { emptyEntry, longest, missing, toRequest, type Entry, type EntryField } from './request';

/** Schedules a procedure step by hand. */
export function EntryDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const errorText = useErrorText();
  const { can } = useAccess();
  const { data: nodes = [] } = useQuery({ ...nodesQuery, enabled: can('nodes.read') });
  const stations = useId();
  const modalities = useId();
  const [entry, setEntry] = useState<Entry>(() => emptyEntry(new Date()));
  const [tried, setTried] = useState(false);
  const remove = useAction({ run: (id: string) => call(`api/worklist/${part(id)}`, { method: 'DELETE' }), changes: [['worklist']] });
  const save = useAction({
    run: () => call<Items<WorklistItem>>('api/worklist', { method: 'POST', body: toRequest(entry) }),
    done: answer => {
      const id = answer.items[0]?.id;
      notify({ title: t.worklist.added([entry.family, entry.given].filter(Boolean).join(', ')), ...(id && { action: { label: t.common.undo, run: () => remove.mutate(id) } }) });
      onClose();
    },
    changes: [['worklist']],
    quiet: true,
  });
  const lacking = missing(entry);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    focusFirstError(event.currentTarget);
    if (lacking.length === 0) save.mutate();
  };
  const field = (name: EntryField, more: ComponentProps<'input'> = {}) => ({
    autoComplete: 'off', maxLength: longest(name), value: entry[name], error: tried && lacking.includes(name) ? t.worklist.needed : null,
    onChange: (event: { target: { value: string } }) => setEntry({ ...entry, [name]: event.target.value }), ...more,
  });
  return (
    <Dialog open wide onClose={onClose} title={t.worklist.add} description={t.worklist.addHelp}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <FieldRow>
            <TextField label={t.worklist.family} required {...field('family')} />
            <TextField label={t.worklist.given} optional {...field('given')} />
          </FieldRow>
          <FieldRow>
            <TextField label={t.worklist.patientId} required {...field('patientId')} />
            <TextField label={t.worklist.birthDate} optional {...field('birthDate', { type: 'date' })} />
            <SelectField label={t.worklist.sex} optional value={entry.sex} onChange={event => setEntry({ ...entry, sex: event.target.value })}>
              <option value="">{t.common.none}</option>
              {(['F', 'M', 'O'] as const).map(sex => <option key={sex} value={sex}>{t.study.sex[sex]}</option>)}
            </SelectField>
          </FieldRow>
          <FieldRow>
            <TextField label={t.studies.modality} required {...field('modality', { list: modalities, placeholder: 'CT' })} />
            <TextField label={t.worklist.stationTitle} help={t.worklist.stationHelp} required {...field('station', { list: stations, spellCheck: false })} />
          </FieldRow>
          <FieldRow>
            <TextField label={t.study.date} required {...field('date', { type: 'date' })} />
            <TextField label={t.worklist.time} optional {...field('time', { type: 'time' })} />
          </FieldRow>
          <TextField label={t.studies.description} optional {...field('description')} />
          <FieldRow>
            <TextField label={t.study.accession} optional {...field('accession')} />
            <TextField label={t.study.referring} optional {...field('referring', { placeholder: t.worklist.referringHint })} />
          </FieldRow>
          {save.error && <Note tone="danger">{errorText(save.error)}</Note>}
        </Fields>
        <datalist id={modalities}>{kModalities.map(modality => <option key={modality}>{modality}</option>)}</datalist>
        <datalist id={stations}>{nodes.map(node => <option key={node.ae_title}>{node.ae_title}</option>)}</datalist>
        <DialogFooter>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>{t.worklist.add}</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
