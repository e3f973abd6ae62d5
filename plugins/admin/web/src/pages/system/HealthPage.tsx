import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { healthQuery } from '../../api/queries';
import type { Health, PluginHealth } from '../../api/types';
import { DataTable, type Column } from '../../components/DataTable';
import { Card, Page } from '../../components/Page';
import { Badge, LoadError, Note, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { LogCard } from './LogCard';
import style from './System.module.css';

const isWell = (state: string) => state === 'serving';

function Plugins({ plugins }: { plugins: PluginHealth[] }) {
  const { t } = useText();
  const states: Record<string, string> = t.health.states;
  const columns = useMemo<Column<PluginHealth>[]>(() => [
    { id: 'plugin', header: t.health.plugin, value: plugin => plugin.instance, cell: plugin => <><strong>{plugin.instance}</strong>{plugin.plugin !== plugin.instance && <span className="muted"> {plugin.plugin}</span>}</> },
    { id: 'version', header: t.health.version, minor: true, cell: plugin => <span className="numeric muted">{plugin.version}</span> },
    { id: 'state', header: t.health.state, value: plugin => plugin.state, cell: plugin => <Badge tone={isWell(plugin.state) ? 'good' : plugin.required ? 'danger' : 'warning'}>{states[plugin.state] ?? plugin.state}</Badge> },
    { id: 'reason', header: t.health.reason, cell: plugin => plugin.reason || <span className="muted">{plugin.required ? t.health.required : ''}</span> },
  ], [t, states]);
  const worstFirst = useMemo(() => plugins.toSorted((a, b) => Number(isWell(a.state)) - Number(isWell(b.state))), [plugins]);
  return <DataTable caption={t.health.plugins} columns={columns} rows={worstFirst} rowKey={plugin => plugin.instance} />;
}

function Summary({ health }: { health: Health }) {
  const { t, f, say } = useText();
  const conditions: Record<string, string> = t.health.conditions;
  return (
    <>
      {health.warnings.length === 0 && <Note tone="good" title={t.health.good} />}
      {health.warnings.length > 0 && (
        <section aria-label={t.health.warnings(health.warnings.length)} className={style.stack}>
          <h2>{t.health.warnings(health.warnings.length)}</h2>
          {health.warnings.map(warning => (
            <Note key={`${warning.plugin} ${warning.condition}`} tone={warning.failing ? 'danger' : 'warning'} title={conditions[warning.condition] ?? say(warning.text)}>
              {conditions[warning.condition] && <p>{say(warning.text)}</p>}
              <p>{say(warning.remedy)}</p>
            </Note>
          ))}
        </section>
      )}
      <dl className={style.figures}>
        <div><dt>{t.health.version}</dt><dd>{health.version}</dd></div>
        <div><dt>{t.health.started}</dt><dd title={f.moment(health.started)}>{f.ago(health.started)}</dd></div>
        <div><dt>{t.health.plugins}</dt><dd>{f.number(health.plugins.length)}</dd></div>
      </dl>
      <Card title={t.health.plugins} flush><Plugins plugins={health.plugins} /></Card>
    </>
  );
}

export default function HealthPage() {
  const { t } = useText();
  const health = useQuery({ ...healthQuery, refetchInterval: 10000 });
  return (
    <Page title={t.health.title}>
      {health.isPending && <Skeleton />}
      {health.error && !health.data && <LoadError error={health.error} retry={() => void health.refetch()} />}
      {health.data && <Summary health={health.data} />}
      <LogCard />
    </Page>
  );
}
