import { useQuery } from '@tanstack/react-query';
import { Download, ExternalLink, Eye, Link2, MoreHorizontal, Send, Trash2, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { address, ApiError, part } from '../../api/client';
import { connectionQuery, studyQuery } from '../../api/queries';
import type { StudyWithSeries } from '../../api/types';
import { extensionAddress, useExtensions, type Shown } from '../../app/extensions';
import { useHas } from '../../app/live';
import { patiently } from '../../app/patiently';
import { useAccess } from '../../app/session';
import { Button, ButtonAnchor, ButtonLink, IconButton } from '../../components/Button';
import { copyText } from '../../components/copy_text';
import { Menu, MenuItem, MenuLink, MenuSeparator } from '../../components/Menu';
import { notify } from '../../components/notify';
import { Empty, LoadError, Skeleton } from '../../components/Status';
import { personName } from '../../i18n/person_name';
import { useText } from '../../i18n/text';
import { SeriesList } from './SeriesList';
import { StudyFacts } from './StudyFacts';
import style from './StudyPanel.module.css';
import { useDiscard } from './use_discard';
import { desktopViewerAddress } from './desktop_viewer';

const SendDialog = lazy(patiently(() => import('./SendDialog')));

function StudyAction({ action, uid, first }: { action: Shown; uid: string; first: boolean }) {
  const kind = first ? 'primary' : 'plain';
  if (action.new_tab)
    return <ButtonAnchor kind={kind} icon={<Eye size={16} aria-hidden />} href={extensionAddress(action.url, uid)} target="_blank" rel="noopener">{action.label}</ButtonAnchor>;
  return <ButtonLink kind={kind} icon={<Eye size={16} aria-hidden />} to={`/extensions/${part(action.id)}?study=${part(uid)}`}>{action.label}</ButtonLink>;
}

function MoreMenu({ study, onDeleted }: { study: StudyWithSeries; onDeleted: () => void }) {
  const { t } = useText();
  const { can } = useAccess();
  const deletable = useHas()('trash') && can('studies.delete');
  const discard = useDiscard();
  const { data: connection } = useQuery({ ...connectionQuery, enabled: can('nodes.read'), staleTime: 300000 });
  const uid = study.study_instance_uid;
  const server = connection?.ae_title ?? 'FERMATA';
  const copyLink = async () => {
    await copyText(address(`#/studies/${part(uid)}`));
    notify({ title: t.study.linkCopied });
  };
  return (
    <Menu trigger={<IconButton kind="plain" label={t.common.moreActions} icon={<MoreHorizontal size={18} aria-hidden />} />}>
      <MenuLink icon={<ExternalLink size={16} aria-hidden />} href={desktopViewerAddress('horos', server, uid)}>{t.study.openHoros}</MenuLink>
      <MenuLink icon={<ExternalLink size={16} aria-hidden />} href={desktopViewerAddress('osirix', server, uid)}>{t.study.openOsirix}</MenuLink>
      <MenuItem icon={<Link2 size={16} aria-hidden />} onClick={() => void copyLink()}>{t.study.copyLink}</MenuItem>
      {deletable && <MenuSeparator />}
      {deletable && <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onClick={() => discard.mutate([uid], { onSuccess: onDeleted })}>{t.study.delete}</MenuItem>}
    </Menu>
  );
}

function Actions({ study, onDeleted }: { study: StudyWithSeries; onDeleted: () => void }) {
  const { t } = useText();
  const { can } = useAccess();
  const has = useHas();
  const [sending, setSending] = useState(false);
  const actions = useExtensions('study_action');
  const uid = study.study_instance_uid;
  return (
    <div className={style.actions}>
      {actions.map((action, index) => <StudyAction key={action.id} action={action} uid={uid} first={index === 0} />)}
      {can('studies.send') && has('send') && <Button icon={<Send size={16} aria-hidden />} onClick={() => setSending(true)}>{t.studies.send}</Button>}
      {can('studies.export') && <ButtonAnchor icon={<Download size={16} aria-hidden />} href={address(`api/studies/${part(uid)}/download`)} download title={t.study.downloadZip}>ZIP<span className="visually-hidden"> {t.studies.download}</span></ButtonAnchor>}
      <MoreMenu study={study} onDeleted={onDeleted} />
      {sending && <Suspense><SendDialog studies={[uid]} of={personName(study.patient_name)} onClose={() => setSending(false)} /></Suspense>}
    </div>
  );
}

/** One study beside the list: its facts, its series, what can be done with it. */
export default function StudyPanel({ uid, takeFocus, onClose }: { uid: string; takeFocus: boolean; onClose: () => void }) {
  const { t } = useText();
  const found = useQuery(studyQuery(uid));
  const heading = useRef<HTMLHeadingElement>(null);
  const study = found.data;
  const ready = study !== undefined;
  useEffect(() => {
    if (takeFocus && ready) heading.current?.focus();
  }, [takeFocus, ready]);
  const gone = found.error instanceof ApiError && found.error.status === 404;
  return (
    <aside className={style.panel} aria-label={t.study.title}>
      <header className={style.head}>
        <div className={style.title}>
          <h2 ref={heading} tabIndex={-1}>{study ? personName(study.patient_name) || t.studies.noName : t.study.title}</h2>
          {study?.patient_name_ideographic && <p className="muted">{personName(study.patient_name_ideographic)}</p>}
        </div>
        <IconButton label={t.study.close} icon={<X size={18} aria-hidden />} onClick={onClose} />
      </header>
      {found.isPending && <Skeleton />}
      {gone && <Empty title={t.study.gone} action={<Button onClick={onClose}>{t.study.close}</Button>}>{t.study.goneHelp}</Empty>}
      {found.error && !gone && !study && <LoadError error={found.error} retry={() => void found.refetch()} />}
      {study && !gone && (
        <>
          <Actions study={study} onDeleted={onClose} />
          <StudyFacts study={study} />
          <SeriesList key={uid} study={study} />
        </>
      )}
    </aside>
  );
}
