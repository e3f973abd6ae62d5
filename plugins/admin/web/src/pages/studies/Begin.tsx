import { FolderInput, Network, ScanLine } from 'lucide-react';
import { useAccess } from '../../app/session';
import { ButtonLink } from '../../components/Button';
import { Card } from '../../components/Page';
import { useText } from '../../i18n/text';
import { ConnectionValues } from '../nodes/ConnectCard';
import style from './Begin.module.css';

/** Instead of the list, as long as the archive is empty: how images get into it. */
export default function Begin() {
  const { t } = useText();
  const { can } = useAccess();
  return (
    <div className={style.scroller}>
      <div className={style.head}>
        <ScanLine size={30} aria-hidden />
        <p className={style.title}>{t.studies.emptyTitle}</p>
        <p>{t.begin.ways}</p>
      </div>
      <Card title={t.begin.send} intro={t.connect.intro}>
        <ConnectionValues />
        <p className={style.next}><span>{t.begin.letIn}</span><ButtonLink small to="/nodes" icon={<Network size={15} aria-hidden />}>{t.begin.toNodes}</ButtonLink></p>
      </Card>
      {can('studies.store') && <Card title={t.begin.upload}><p>{t.begin.uploadHelp}</p></Card>}
      {can('studies.import') && (
        <Card title={t.begin.import}>
          <p className={style.next}><span>{t.begin.importHelp}</span><ButtonLink small to="/imports" icon={<FolderInput size={15} aria-hidden />}>{t.imports.title}</ButtonLink></p>
        </Card>
      )}
    </div>
  );
}
