import { useQuery } from '@tanstack/react-query';
import { connectionQuery } from '../../api/queries';
import { CopyValue } from '../../components/CopyButton';
import { Card } from '../../components/Page';
import { LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Nodes.module.css';

/** What the other machine has to be told, each with a button that copies it. */
export function ConnectionValues() {
  const { t } = useText();
  const { data, error, refetch } = useQuery({ ...connectionQuery, staleTime: 300000 });
  if (error) return <LoadError error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton rows={3} />;
  return (
    <div>
      <CopyValue label={t.connect.aeTitle} value={data.ae_title} />
      {data.addresses.map(address => <CopyValue key={address} label={t.connect.address} value={address} />)}
      {data.addresses.length === 0 && <p className="muted">{t.connect.noAddress}</p>}
      <CopyValue label={t.connect.port} value={String(data.port)} />
      {data.dicomweb_url && <CopyValue label={t.connect.dicomweb} value={data.dicomweb_url} />}
      {data.wado_uri && <CopyValue label={t.connect.wado} value={data.wado_uri} />}
    </div>
  );
}

export function ConnectCard() {
  const { t } = useText();
  return (
    <Card title={t.connect.title} intro={t.connect.intro}>
      <div className={style.connect}>
        <ConnectionValues />
        <div>
          <h3>{t.connect.horos}</h3>
          <ol className={style.steps}>{t.connect.steps.map(step => <li key={step}>{step}</li>)}</ol>
        </div>
      </div>
    </Card>
  );
}
