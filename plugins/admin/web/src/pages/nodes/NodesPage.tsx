import { useQuery } from '@tanstack/react-query';
import { Network, Plus } from 'lucide-react';
import { useState } from 'react';
import { nodesQuery } from '../../api/queries';
import type { Node, Station } from '../../api/types';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { Card, Page } from '../../components/Page';
import { Empty, LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { AssistantDialog } from './AssistantDialog';
import { ConnectCard } from './ConnectCard';
import { Knocking } from './Knocking';
import { emptyNode, type NodeDraft } from './draft';
import { NodeDialog } from './NodeDialog';
import { NodeTable } from './NodeTable';
import { Stations } from './Stations';

interface Form { draft: NodeDraft; existing: boolean }

export default function NodesPage() {
  const { t } = useText();
  const { can } = useAccess();
  const nodes = useQuery({ ...nodesQuery, refetchInterval: 10000 });
  const [form, setForm] = useState<Form | null>(null);
  const [checked, setChecked] = useState<Node | null>(null);
  const manage = can('nodes.manage');
  const add = (station?: Station) => setForm({
    draft: { ...emptyNode, ...(station && { ae_title: station.ae_title, host: station.address || station.host, port: String(station.port || ''), description: station.description }) },
    existing: false,
  });
  const edit = (node: Node) => setForm({ draft: { ...node, port: String(node.port) }, existing: true });
  return (
    <Page title={t.nodes.title} intro={t.nodes.intro}
      actions={manage && <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => add()}>{t.nodes.add}</Button>}>
      {manage && <Knocking />}
      <Card title={t.nodes.list} flush>
        {nodes.isPending && <Skeleton />}
        {nodes.error && !nodes.data && <LoadError error={nodes.error} retry={() => void nodes.refetch()} />}
        {nodes.data?.length === 0 && <Empty title={t.nodes.emptyTitle} icon={<Network size={28} />}>{t.nodes.empty}</Empty>}
        {nodes.data && nodes.data.length > 0 && <NodeTable nodes={nodes.data} onEdit={edit} onCheck={setChecked} />}
      </Card>
      <ConnectCard />
      {manage && <Stations onAdd={add} />}
      {form && <NodeDialog first={form.draft} existing={form.existing} onClose={() => setForm(null)} />}
      {checked && <AssistantDialog node={checked} onClose={() => setChecked(null)} />}
    </Page>
  );
}
