import { CalendarClock, CalendarPlus, SearchX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { WorklistItem } from '../../api/types';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { FieldRow, SelectField, TextField } from '../../components/Field';
import { Card, Page } from '../../components/Page';
import { Empty, LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { EntryDialog } from './EntryDialog';
import { RemoveDialog } from './RemoveDialog';
import { kNoFilter, useWorklist, type Days } from './use_worklist';
import { WorklistTable } from './WorklistTable';

const kDays: Days[] = ['today', 'coming', 'all'];

export default function WorklistPage() {
  const { t } = useText();
  const { can } = useAccess();
  const [filter, setFilter] = useState(kNoFilter);
  const [adding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<WorklistItem | null>(null);
  const worklist = useWorklist(useDeferredValue(filter));
  const set = (change: Partial<typeof kNoFilter>) => setFilter({ ...filter, ...change });
  const narrowed = filter.search !== '' || filter.status !== '' || filter.days === 'today';
  const empty = worklist.isSuccess && worklist.items.length === 0;
  const add = can('worklist.manage') && <Button kind="primary" icon={<CalendarPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>{t.worklist.add}</Button>;
  return (
    <Page title={t.worklist.title} intro={t.worklist.intro} actions={add}>
      <Card>
        <FieldRow>
          <TextField label={t.worklist.search} type="search" autoComplete="off" placeholder={t.studies.searchHint} value={filter.search} onChange={event => set({ search: event.target.value })} />
          <SelectField label={t.worklist.days} value={filter.days} onChange={event => set({ days: kDays.find(days => days === event.target.value) ?? 'coming' })}>
            {kDays.map(days => <option key={days} value={days}>{t.worklist.dayChoices[days]}</option>)}
          </SelectField>
          <SelectField label={t.worklist.status} value={filter.status} onChange={event => set({ status: event.target.value })}>
            <option value="">{t.common.all}</option>
            {Object.entries(t.worklist.statuses).map(([status, text]) => <option key={status} value={status}>{text}</option>)}
          </SelectField>
        </FieldRow>
      </Card>
      <Card flush>
        {worklist.isPending && <Skeleton />}
        {worklist.error && !worklist.data && <LoadError error={worklist.error} retry={() => void worklist.refetch()} />}
        {empty && narrowed && <Empty title={t.worklist.nothing} icon={<SearchX size={28} />} action={<Button onClick={() => setFilter(kNoFilter)}>{t.studies.clearFilters}</Button>} />}
        {empty && !narrowed && (
          <Empty title={t.worklist.emptyTitle} icon={<CalendarClock size={28} />} action={add}>
            {worklist.folder ? t.worklist.emptyFolder(worklist.folder) : t.worklist.empty}
          </Empty>
        )}
        {worklist.items.length > 0 && <WorklistTable items={worklist.items} onRemove={setRemoved} />}
      </Card>
      {worklist.hasNextPage && <div><Button busy={worklist.isFetchingNextPage} onClick={() => void worklist.fetchNextPage()}>{t.common.more}</Button></div>}
      {adding && <EntryDialog onClose={() => setAdding(false)} />}
      <RemoveDialog item={removed} onClose={() => setRemoved(null)} />
    </Page>
  );
}
