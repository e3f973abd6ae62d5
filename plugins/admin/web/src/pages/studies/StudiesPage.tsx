import { ScanLine, SearchX } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useParams, useSearch } from 'wouter';
import { studyAddress } from '../../app/addresses';
import { patiently } from '../../app/patiently';
import { useNavigate } from '../../app/routing';
import { useAccess } from '../../app/session';
import { usePageTitle } from '../../components/Page';
import { Button } from '../../components/Button';
import { Empty, LoadError, ProgressBar, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { DropZone } from '../../upload/DropZone';
import { UploadButton } from '../../upload/UploadButton';
import { isNarrowed, toQuery, useListFilter } from './filter';
import { FilterBar } from './FilterBar';
import { SearchField } from './SearchField';
import { useSelection } from './selection';
import { SelectionBar } from './SelectionBar';
import style from './StudiesPage.module.css';
import { StudyList } from './StudyList';
import { useStudies } from './use_studies';
import { useStudyAction, useViewer } from './use_viewer';

const Begin = lazy(patiently(() => import('./Begin')));
const StudyPanel = lazy(patiently(() => import('./StudyPanel')));

export function StudiesPage() {
  const { t } = useText();
  const { can, user } = useAccess();
  const { uid } = useParams();
  const navigate = useNavigate();
  const search = useSearch();
  const [filter, changeFilter] = useListFilter();
  // "Today" stays the day on which the filter was chosen: another query each time would load the list anew.
  const query = useMemo(() => toQuery(filter, new Date()), [filter]);
  const found = useStudies(query);
  const selection = useSelection();
  const viewer = useViewer();
  const act = useStudyAction();
  const list = useRef<HTMLDivElement>(null);
  const [focusPanel, setFocusPanel] = useState(false);
  usePageTitle(t.studies.title);

  const open = (study: string, how: 'keyboard' | 'pointer') => {
    setFocusPanel(how === 'keyboard');
    navigate(`${studyAddress(study)}${search && `?${search}`}`, { replace: uid !== undefined });
  };
  const close = () => {
    navigate(`/studies${search && `?${search}`}`);
    list.current?.focus();
  };
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const inside = event.target instanceof Element && event.target.closest('[role="dialog"], [role="alertdialog"], [role="menu"], input:not([type="checkbox"])');
      if (event.key === 'Escape' && uid && !inside && !event.defaultPrevented) close();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  });

  const { studies, hasNextPage, fetchNextPage, isFetchingNextPage } = found;
  const loadMore = () => { if (!isFetchingNextPage) void fetchNextPage(); };
  // Who sees some studies only may see none of many.
  const begins = can('nodes.manage') && user?.sees_all_studies !== false;
  const empty = found.isSuccess && studies.length === 0;
  return (
    <div className={style.page}>
      <div className={style.tools}>
        <div className={style.top}>
          <h1>{t.studies.title}</h1>
          <SearchField value={filter.search} onSearch={text => changeFilter({ search: text })} onLeave={() => list.current?.focus()} />
          {can('studies.store') && <UploadButton />}
        </div>
        <div className={style.filters}>
          <FilterBar filter={filter} onChange={changeFilter} />
          <span role="status" className="muted numeric">{found.isSuccess && t.studies.count(studies.length, hasNextPage)}</span>
        </div>
        {selection.studies.length > 0 && <SelectionBar selection={selection} loaded={studies} />}
      </div>
      <div className={style.busy}>{found.isPlaceholderData && <ProgressBar value={null} label={t.app.loading} />}</div>
      <div className={`${style.split} ${uid ? style.withPanel : ''}`}>
        {found.isPending && <Skeleton rows={10} />}
        {found.error && !found.data && <LoadError error={found.error} retry={() => void found.refetch()} />}
        {empty && !isNarrowed(filter) && begins && <Suspense fallback={<Skeleton rows={6} />}><Begin /></Suspense>}
        {empty && !isNarrowed(filter) && !begins && <Empty title={t.studies.emptyTitle} icon={<ScanLine size={30} />}>{can('studies.store') ? t.studies.empty : t.studies.emptyViewer}</Empty>}
        {empty && isNarrowed(filter) && (
          <Empty title={t.studies.nothingTitle} icon={<SearchX size={30} />}
            action={<Button onClick={() => changeFilter({ search: '', modality: [], date: 'any', from: '', to: '', label: '' })}>{t.studies.clearFilters}</Button>}>
            {t.studies.nothing}
          </Empty>
        )}
        {studies.length > 0 && (
          <StudyList key={found.shownFor} ref={list} studies={studies} order={found.order} onOrder={order => changeFilter({ order })} open={uid} selection={selection} more={hasNextPage} loadMore={loadMore} onOpen={open}
            onView={study => { if (viewer) act(viewer, study); }} />
        )}
        {uid && <Suspense fallback={<Skeleton />}><StudyPanel key={uid} uid={uid} takeFocus={focusPanel} onClose={close} /></Suspense>}
      </div>
      {can('studies.store') && <DropZone />}
    </div>
  );
}
