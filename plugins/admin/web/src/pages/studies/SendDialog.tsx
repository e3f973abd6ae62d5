import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/client';
import { nodesQuery } from '../../api/queries';
import type { Node } from '../../api/types';
import { useAction } from '../../app/action';
import { Button, ButtonLink } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { TextField } from '../../components/Field';
import { useAccess } from '../../app/session';
import { change, dismiss, notify } from '../../components/notify';
import { Badge, Empty, LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { JobProgress, type Stage } from './JobProgress';
import style from './SendDialog.module.css';

const kFilterFrom = 8;
const kShownFor = 8000;

function NodeChoice({ node, checked, onChoose }: { node: Node; checked: boolean; onChoose: () => void }) {
  const { t } = useText();
  const echo = node.last_echo;
  return (
    <label className={style.node}>
      <input type="radio" name="node" value={node.ae_title} checked={checked} onChange={onChoose} required />
      <span className={style.text}>
        <span className={style.title}>{node.ae_title}</span>
        <span className="muted"> {[node.description, `${node.host}:${node.port}`].filter(Boolean).join(' · ')}</span>
      </span>
      {echo && <Badge tone={echo.ok ? 'good' : 'warning'}>{echo.ok ? t.send.echoOk : t.send.echoFailed}</Badge>}
    </label>
  );
}

const kNone: string[] = [];

/** Chooses where studies, or series, are sent, `of` one patient if there is a name to be sure by; how far that is shows a message at the edge of the screen. */
export default function SendDialog({ studies = kNone, series = kNone, of = '', onClose }: { studies?: string[]; series?: string[]; of?: string; onClose: () => void }) {
  const { t } = useText();
  const manage = useAccess().can('nodes.manage');
  const nodes = useQuery(nodesQuery);
  const [chosen, setChosen] = useState('');
  const [filter, setFilter] = useState('');
  const send = useAction({
    run: (node: string) => call<{ job: number }>('api/send', { method: 'POST', body: { studies, series, node } }),
    done: ({ job }, node) => {
      const titles: Record<Stage, string> = { underway: t.send.queued(node), trouble: t.send.trouble(node), done: t.send.done(node), failed: t.send.failed(node), cancelled: t.send.cancelled(node) };
      const tones = { underway: 'busy', trouble: 'error', done: 'good', failed: 'error', cancelled: 'error' } as const;
      const onStage = (stage: Stage) => {
        change(id, { title: titles[stage], tone: tones[stage] });
        if (stage === 'done' || stage === 'cancelled') setTimeout(() => dismiss(id), kShownFor);
      };
      const id = notify({ title: titles.underway, tone: 'busy', timeout: 0, description: <JobProgress job={job} node={node} onStage={onStage} /> });
      onClose();
    },
    changes: [['jobs'], ['state']],
  });
  const able = (nodes.data ?? []).filter(node => node.host !== '');
  const word = filter.toLowerCase();
  const shown = able.filter(node => [node.ae_title, node.description, node.host].some(text => text.toLowerCase().includes(word)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen) send.mutate(chosen);
  };
  return (
    <Dialog open onClose={onClose} title={series.length > 0 ? t.send.titleSeries(series.length) : t.send.title(studies.length)} description={[of, t.send.to].filter(Boolean).join(' · ')}>
      {nodes.isPending && <Skeleton rows={3} />}
      {nodes.error && <LoadError error={nodes.error} retry={() => void nodes.refetch()} />}
      {nodes.isSuccess && able.length === 0 && <Empty title={t.send.noNodes} action={manage && <ButtonLink to="/nodes">{t.send.toNodes}</ButtonLink>}>{!manage && t.send.askForNode}</Empty>}
      {able.length > 0 && (
        <form onSubmit={submit}>
          {able.length > kFilterFrom && <TextField label={t.send.filter} value={filter} onChange={event => setFilter(event.target.value)} />}
          <fieldset className={style.nodes}>
            <legend className="visually-hidden">{t.send.to}</legend>
            {shown.map(node => <NodeChoice key={node.ae_title} node={node} checked={chosen === node.ae_title} onChoose={() => setChosen(node.ae_title)} />)}
          </fieldset>
          <DialogFooter>
            <Button onClick={onClose}>{t.common.cancel}</Button>
            <Button kind="primary" type="submit" busy={send.isPending} disabled={!chosen}>{t.send.submit}</Button>
          </DialogFooter>
        </form>
      )}
    </Dialog>
  );
}
