import { useInfiniteQuery } from '@tanstack/react-query';
import { ClipboardList, Download } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { address, call, query } from '../../api/client';
import type { AuditEntry, Items } from '../../api/types';
import { Button, ButtonAnchor } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { FieldRow, SelectField, TextField } from '../../components/Field';
import { Card, Page } from '../../components/Page';
import { Badge, Empty, LoadError, Skeleton } from '../../components/Status';
import { studyAddress } from '../../app/addresses';
import { useAccess } from '../../app/session';
import { useText } from '../../i18n/text';
import { actionName, actionsToChoose } from './actions';
import style from './Audit.module.css';

const kPerPage = 100;
const kDay = 86400000;
const noFilter = { from: '', to: '', user: '', action: '', object: '' };
const tones = { success: 'good', refused: 'warning', failed: 'danger' } as const;

/** Local days as moments: the server knows no time zone. The last day counts whole. */
const toParameters = (filter: typeof noFilter) => ({
  ...filter,
  from: filter.from && new Date(`${filter.from}T00:00`).toISOString(),
  to: filter.to && new Date(new Date(`${filter.to}T00:00`).getTime() + kDay - 1000).toISOString(),
});

/** What was done something to: a study that one may look at is a link to it. */
function AuditedObject({ entry }: { entry: AuditEntry }) {
  const { t } = useText();
  const { can } = useAccess();
  const study = entry.action.startsWith('study.') && /^[\d.]+$/.test(entry.object) && can('studies.read');
  return (
    <span className={style.object}>
      {study ? <a href={`#${studyAddress(entry.object)}`}>{entry.object}</a> : entry.object}
      {entry.patient_id && <span className={style.small}>{t.audit.patient} {entry.patient_id}</span>}
    </span>
  );
}

export default function AuditPage() {
  const { t, f, say } = useText();
  const [filter, setFilter] = useState(noFilter);
  const parameters = toParameters(useDeferredValue(filter));
  const set = (change: Partial<typeof noFilter>) => setFilter({ ...filter, ...change });
  const audit = useInfiniteQuery({
    queryKey: ['audit', parameters],
    queryFn: ({ pageParam, signal }) => call<Items<AuditEntry>>(`api/audit${query({ ...parameters, limit: kPerPage, before: pageParam })}`, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: last => (last.more ? last.items.at(-1)?.id : undefined),
    placeholderData: previous => previous,
  });
  const entries = useMemo(() => audit.data?.pages.flatMap(page => page.items) ?? [], [audit.data]);
  const columns = useMemo<Column<AuditEntry>[]>(() => [
    { id: 'time', header: t.audit.time, cell: entry => <span className="numeric">{f.moment(entry.time)}</span> },
    { id: 'user', header: t.audit.user, cell: entry => <>{entry.user || t.common.none}<span className={style.small}>{entry.address}</span></> },
    { id: 'action', header: t.audit.action, cell: entry => <span title={entry.action}>{actionName(entry.action, t)}</span> },
    { id: 'outcome', header: t.audit.outcome, cell: entry => <Badge tone={tones[entry.outcome]}>{t.audit.outcomes[entry.outcome]}</Badge> },
    { id: 'object', header: t.audit.object, cell: entry => <AuditedObject entry={entry} /> },
    { id: 'detail', header: t.audit.detail, minor: true, cell: entry => <span className="muted">{say(entry.detail)}</span> },
  ], [t, f, say]);
  return (
    <Page title={t.audit.title} intro={t.audit.intro}
      actions={<ButtonAnchor icon={<Download size={16} aria-hidden />} href={address(`api/audit.csv${query(parameters)}`)} download>{t.audit.csv}</ButtonAnchor>}>
      <Card>
        <FieldRow>
          <TextField label={t.audit.from} type="date" value={filter.from} max={filter.to || undefined} onChange={event => set({ from: event.target.value })} />
          <TextField label={t.audit.to} type="date" value={filter.to} min={filter.from || undefined} onChange={event => set({ to: event.target.value })} />
          <TextField label={t.audit.user} value={filter.user} autoComplete="off" onChange={event => set({ user: event.target.value })} />
          <SelectField label={t.audit.action} value={filter.action} onChange={event => set({ action: event.target.value })}>
            <option value="">{t.common.all}</option>
            {actionsToChoose(entries, filter.action, t).map(({ action, name }) => <option key={action} value={action}>{name}</option>)}
          </SelectField>
          <TextField label={t.audit.object} value={filter.object} autoComplete="off" onChange={event => set({ object: event.target.value })} />
        </FieldRow>
      </Card>
      <Card flush>
        {audit.isPending && <Skeleton />}
        {audit.error && !audit.data && <LoadError error={audit.error} retry={() => void audit.refetch()} />}
        {audit.isSuccess && entries.length === 0 && <Empty title={t.audit.empty} icon={<ClipboardList size={28} />} action={<Button onClick={() => setFilter(noFilter)}>{t.studies.clearFilters}</Button>} />}
        {entries.length > 0 && <DataTable caption={t.audit.title} columns={columns} rows={entries} rowKey={entry => String(entry.id)} />}
      </Card>
      {audit.hasNextPage && <div><Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>{t.common.more}</Button></div>}
    </Page>
  );
}
