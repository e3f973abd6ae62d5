import { useState, type FormEvent } from 'react';
import { call, part } from '../../api/client';
import { useAction } from '../../app/action';
import { Button } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { Choice, FieldRow, Fields, TextArea, TextField } from '../../components/Field';
import { focusFirstError } from '../../components/first_error';
import { notify } from '../../components/notify';
import { Note, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { draftErrors, toFields, type NodeDraft } from './draft';
import style from './Nodes.module.css';
import { RightsChoice } from './RightsChoice';

/** Adds a node or changes one; says of each field what it is. */
export function NodeDialog({ first, existing, onClose }: { first: NodeDraft; existing: boolean; onClose: () => void }) {
  const { t } = useText();
  const errorText = useErrorText();
  const [draft, setDraft] = useState(first);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<NodeDraft>) => setDraft({ ...draft, ...change });
  const wrong = draftErrors(draft);
  const save = useAction({
    run: () => call(`api/nodes/${part(draft.ae_title.trim())}`, { method: 'PUT', body: toFields(draft) }),
    done: () => {
      notify({ title: t.nodes.saved(draft.ae_title) });
      onClose();
    },
    changes: [['nodes'], ['knocking'], ['stations']],
    quiet: true,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    focusFirstError(event.currentTarget);
    if (!wrong.ae_title && !wrong.host && !wrong.port) save.mutate();
  };
  return (
    <Dialog open onClose={onClose} wide title={existing ? t.nodeForm.editTitle(first.ae_title) : t.nodeForm.addTitle}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <TextField label={t.nodeForm.aeTitle} help={t.nodeForm.aeTitleHelp} error={tried && wrong.ae_title ? t.nodeForm.aeTitleInvalid : null} maxLength={16} required
            disabled={existing} autoCapitalize="none" spellCheck={false} value={draft.ae_title} onChange={event => set({ ae_title: event.target.value })} />
          <FieldRow>
            <TextField label={t.nodeForm.address} help={t.nodeForm.addressHelp} error={tried && wrong.host ? t.nodeForm.addressMissing : null}
              autoCapitalize="none" spellCheck={false} value={draft.host} onChange={event => set({ host: event.target.value })} />
            <TextField label={t.nodeForm.port} help={t.nodeForm.portHelp} error={tried && wrong.port ? t.nodeForm.portInvalid : null} inputMode="numeric"
              value={draft.port} onChange={event => set({ port: event.target.value })} />
          </FieldRow>
          <TextField label={t.nodeForm.description} help={t.nodeForm.descriptionHelp} optional value={draft.description} onChange={event => set({ description: event.target.value })} />
          <RightsChoice rights={draft.rights} onChange={rights => set({ rights })} />
          <details className={style.advanced}>
            <summary>{t.nodeForm.advanced}</summary>
            <Fields>
              <Choice label={t.nodeForm.anyAddress} help={t.nodeForm.anyAddressHelp} checked={draft.any_address} onChange={event => set({ any_address: event.target.checked })} />
              <Choice label={t.nodeForm.tls} help={t.nodeForm.tlsHelp} checked={draft.tls} onChange={event => set({ tls: event.target.checked })} />
              <TextField label={t.nodeForm.certificate} help={t.nodeForm.certificateHelp} optional autoCapitalize="none" spellCheck={false}
                value={draft.certificate} onChange={event => set({ certificate: event.target.value })} />
              <Choice label={t.nodeForm.userRequired} help={t.nodeForm.userRequiredHelp} checked={draft.user_required} onChange={event => set({ user_required: event.target.checked })} />
              <TextArea label={t.nodeForm.syntaxes} help={t.nodeForm.syntaxesHelp} optional value={draft.preferred_transfer_syntaxes.join('\n')}
                onChange={event => set({ preferred_transfer_syntaxes: event.target.value.split('\n').map(line => line.trim()).filter(Boolean) })} />
            </Fields>
          </details>
          {save.error && <Note tone="danger">{errorText(save.error)}</Note>}
        </Fields>
        <DialogFooter>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>{t.common.save}</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
