import { useQuery } from '@tanstack/react-query';
import { ChevronRight, CornerLeftUp, File, Folder } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client';
import { nodesQuery } from '../../api/queries';
import { useAction } from '../../app/action';
import { Button } from '../../components/Button';
import { Choice, FieldRow, Fields, SelectField, TextField } from '../../components/Field';
import { Card } from '../../components/Page';
import { Badge, LoadError, Skeleton } from '../../components/Status';
import { Segments } from '../../components/Segments';
import { useText } from '../../i18n/text';
import style from './Imports.module.css';
import { sourcesQuery } from './queries';
import type { ImportOrder, Source } from './types';

/** Walks through the folders of the server that may be imported. */
function Browser({ path, onPath, chosen, onChoose }: { path: string | null; onPath: (path: string | null) => void; chosen: string; onChoose: (source: Source) => void }) {
  const { t } = useText();
  const sources = useQuery(sourcesQuery(path));
  const data = sources.data;
  if (sources.error && !data) return <LoadError error={sources.error} retry={() => void sources.refetch()} />;
  if (!data) return <Skeleton />;
  return (
    <ul className={style.browser} aria-label={path ?? t.imports.folders}>
      {path !== null && (
        <li><button type="button" className={style.item} onClick={() => onPath(data.parent ?? null)}><CornerLeftUp size={16} aria-hidden /> {t.imports.up}</button></li>
      )}
      {data.items.map(item => (
        <li key={item.path} className={style.line}>
          <button type="button" className={`${style.item} ${chosen === item.path ? style.chosen : ''}`} aria-pressed={chosen === item.path} onClick={() => onChoose(item)}>
            {item.folder ? <Folder size={16} aria-hidden /> : <File size={16} aria-hidden />} <span>{path === null ? item.path : item.name}</span>
            {item.kind !== 'folder' && item.kind !== 'file' && <Badge tone="accent">{t.imports.kinds[item.kind]}</Badge>}
          </button>
          {item.folder && <Button small kind="quiet" icon={<ChevronRight size={16} aria-hidden />} aria-label={`${t.imports.open}: ${item.name}`} onClick={() => onPath(item.path)}>{t.imports.open}</Button>}
        </li>
      ))}
      {data.items.length === 0 && <li className="muted">{t.imports.emptyFolder}</li>}
      {data.more && <li className="muted">{t.imports.moreItems}</li>}
    </ul>
  );
}

function NodeChoice({ node, onNode, from, onFrom, to, onTo }: { node: string; onNode: (node: string) => void; from: string; onFrom: (date: string) => void; to: string; onTo: (date: string) => void }) {
  const { t } = useText();
  const nodes = useQuery(nodesQuery);
  return (
    <Fields>
      <SelectField label={t.imports.node} help={t.imports.nodeHelp} value={node} onChange={event => onNode(event.target.value)}>
        <option value="">{t.imports.chooseNode}</option>
        {nodes.data?.filter(each => each.host !== '').map(each => <option key={each.ae_title} value={each.ae_title}>{each.ae_title}{each.description && ` – ${each.description}`}</option>)}
      </SelectField>
      <FieldRow>
        <TextField label={t.imports.from} type="date" optional value={from} onChange={event => onFrom(event.target.value)} />
        <TextField label={t.imports.to} type="date" optional value={to} onChange={event => onTo(event.target.value)} />
      </FieldRow>
    </Fields>
  );
}

/** What is to be imported, and how; a dry run is offered first. */
export function SourceChooser({ folders, onStarted }: { folders: string[]; onStarted: (job: number) => void }) {
  const { t } = useText();
  const [what, setWhat] = useState<'files' | 'node'>('files');
  const [path, setPath] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Source | null>(null);
  const [node, setNode] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [night, setNight] = useState(false);
  const [begin, setBegin] = useState('20:00');
  const [end, setEnd] = useState('06:00');
  const [rate, setRate] = useState('');
  const start = useAction({
    run: (order: ImportOrder) => call<{ job: number }>('api/imports', { method: 'POST', body: order }),
    done: answer => onStarted(answer.job),
    changes: [['imports'], ['jobs'], ['state']],
  });
  const source = what === 'node' ? (node && `node:${node}`) : chosen?.path ?? '';
  const order = (dry: boolean): ImportOrder => ({
    source, dry_run: dry, ...(night && { hours: `${begin}-${end}` }), ...(rate !== '' && { rate: Number(rate) }),
    ...(what === 'node' && { from: from.replaceAll('-', ''), to: to.replaceAll('-', '') }),
  });
  return (
    <Card title={t.imports.begin} intro={t.imports.beginHelp}>
      <div className={style.stack}>
        <Segments label={t.imports.what} value={what} onChange={setWhat} options={[{ value: 'files', label: t.imports.files }, { value: 'node', label: t.imports.node }]} />
        {what === 'files' && (folders.length === 0
          ? <p>{t.imports.notAllowed} <code>FERMATA_IMPORT</code> {t.imports.notAllowedOr} <code>plugins: import: config: folders</code>. {t.imports.notAllowedVerb} <code>fermata import</code></p>
          : <Browser path={path} onPath={setPath} chosen={chosen?.path ?? ''} onChoose={setChosen} />)}
        {what === 'node' && <NodeChoice {...{ node, from, to }} onNode={setNode} onFrom={setFrom} onTo={setTo} />}
        <Choice label={t.imports.night} help={t.imports.nightHelp} checked={night} onChange={event => setNight(event.target.checked)} />
        {night && (
          <FieldRow>
            <TextField label={t.imports.beginAt} type="time" value={begin} onChange={event => setBegin(event.target.value)} />
            <TextField label={t.imports.endAt} type="time" value={end} onChange={event => setEnd(event.target.value)} />
          </FieldRow>
        )}
        <TextField label={what === 'node' ? t.imports.studyRate : t.imports.rate} help={t.imports.rateHelp} type="number" min={0} optional value={rate} onChange={event => setRate(event.target.value)} />
        <div className={style.actions}>
          <span className="muted">{source}</span>
          <Button kind="primary" disabled={!source} busy={start.isPending} onClick={() => start.mutate(order(true))}>{t.imports.tryFirst}</Button>
          <Button disabled={!source} busy={start.isPending} onClick={() => start.mutate(order(false))}>{t.imports.now}</Button>
        </div>
      </div>
    </Card>
  );
}
