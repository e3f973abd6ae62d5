import { Lock, MoreHorizontal, PenLine, Stethoscope, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call, part } from '../../api/client';
import type { EchoAnswer, Node } from '../../api/types';
import { useAction } from '../../app/action';
import { useAccess } from '../../app/session';
import { Button, IconButton } from '../../components/Button';
import { DataTable, type Column } from '../../components/DataTable';
import { Confirm } from '../../components/Dialog';
import { Menu, MenuItem, MenuLabel } from '../../components/Menu';
import { notify } from '../../components/notify';
import { Badge } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './Nodes.module.css';

function EchoState({ node }: { node: Node }) {
  const { t, f } = useText();
  const { last_echo: echo } = node;
  if (!echo) return <span className="muted">{t.common.never}</span>;
  return (
    <span title={echo.message}>
      <Badge tone={echo.ok ? 'good' : 'danger'}>{echo.ok ? t.assistant.state.ok : t.nodes.echoFailed}</Badge>
      <span className={style.small}>{f.ago(echo.time)}</span>
    </span>
  );
}

function RowActions({ node, onEdit, onCheck, onRemove }: { node: Node; onEdit: () => void; onCheck: () => void; onRemove: () => void }) {
  const { t, f } = useText();
  const { can } = useAccess();
  const manage = can('nodes.manage');
  const echo = useAction({
    run: () => call<EchoAnswer>(`api/nodes/${part(node.ae_title)}/echo`, { method: 'POST' }),
    done: answer => notify(answer.ok
      ? { title: `${node.ae_title}: ${t.nodes.echoOk(f.number(answer.milliseconds))}` }
      : { title: `${node.ae_title}: ${t.nodes.echoFailed}`, description: answer.message, tone: 'error', action: { label: t.nodes.assistant, run: onCheck } }),
    changes: [['nodes']],
  });
  const fixed = node.origin === 'configuration';
  return (
    <div className={style.actions}>
      {manage && <Button small busy={echo.isPending} disabled={!node.host} aria-label={`${t.nodes.echo}: ${node.ae_title}`} onClick={() => echo.mutate()}>{t.nodes.echo}</Button>}
      {manage && <Button small icon={<Stethoscope size={15} aria-hidden />} title={t.nodes.assistant} aria-label={`${t.nodes.assistant}: ${node.ae_title}`} onClick={onCheck}><span className={style.wide}>{t.nodes.assistant}</span></Button>}
      {manage && (
        <Menu trigger={<IconButton label={`${t.common.moreActions}: ${node.ae_title}`} icon={<MoreHorizontal size={18} aria-hidden />} />}>
          {fixed && <MenuLabel><span className={style.reason}>{t.nodes.readOnly}</span></MenuLabel>}
          {!fixed && <MenuItem icon={<PenLine size={16} aria-hidden />} onClick={onEdit}>{t.common.edit}</MenuItem>}
          {!fixed && <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onClick={onRemove}>{t.nodes.remove}</MenuItem>}
        </Menu>
      )}
    </div>
  );
}

export function NodeTable({ nodes, onEdit, onCheck }: { nodes: Node[]; onEdit: (node: Node) => void; onCheck: (node: Node) => void }) {
  const { t, f } = useText();
  const [removing, setRemoving] = useState<Node | null>(null);
  const restore = useAction({
    run: ({ ae_title, origin: _origin, last_seen: _seen, last_echo: _echo, ...fields }: Node) => call(`api/nodes/${part(ae_title)}`, { method: 'PUT', body: fields }),
    changes: [['nodes']],
  });
  const remove = useAction({
    run: (node: Node) => call(`api/nodes/${part(node.ae_title)}`, { method: 'DELETE' }),
    done: (_, node) => {
      setRemoving(null);
      notify({ title: t.nodes.removed(node.ae_title), timeout: 10000, action: { label: t.common.undo, run: () => restore.mutate(node) } });
    },
    changes: [['nodes']],
  });
  const columns = useMemo<Column<Node>[]>(() => [
    {
      id: 'ae', header: t.nodes.aeTitle, value: node => node.ae_title.toLowerCase(),
      cell: node => (
        <>
          <span className={style.time}><strong>{node.ae_title}</strong>{node.origin === 'configuration' && <span className={style.fixed} title={t.nodes.readOnly}><Lock size={13} aria-hidden /><span className="visually-hidden">{t.nodes.readOnly}</span></span>}</span>
          <span className={style.small}>{node.description}</span>
        </>
      ),
    },
    {
      id: 'address', header: t.nodes.address, value: node => node.host,
      cell: node => (
        <span className="numeric">
          {node.host ? `${node.host}:${node.port}` : t.nodes.anyAddress} {node.tls && <Badge tone="good">{t.nodes.secure}</Badge>}
          {node.any_address && node.host && <span className={style.small}>{t.nodes.anyAddress}</span>}
        </span>
      ),
    },
    { id: 'rights', header: t.nodes.rights, minor: true, cell: node => <span className={style.rights}>{node.rights.map(right => <Badge key={right}>{t.nodes.right[right]}</Badge>)}</span> },
    { id: 'seen', header: t.nodes.lastSeen, minor: true, value: node => node.last_seen ?? '', cell: node => <span className={style.time} title={node.last_seen ? f.moment(node.last_seen) : undefined}>{node.last_seen ? f.ago(node.last_seen) : <span className="muted">{t.common.never}</span>}</span> },
    { id: 'echo', header: t.nodes.lastEcho, cell: node => <EchoState node={node} /> },
    { id: 'actions', header: t.common.actions, hiddenHeader: true, cell: node => <RowActions node={node} onEdit={() => onEdit(node)} onCheck={() => onCheck(node)} onRemove={() => setRemoving(node)} /> },
  ], [t, f, onEdit, onCheck]);
  return (
    <>
      <DataTable caption={t.nodes.list} columns={columns} rows={nodes} rowKey={node => node.ae_title} />
      <Confirm open={removing !== null} title={t.nodes.removeTitle(removing?.ae_title ?? '')} text={t.nodes.removeHelp} action={t.common.remove} busy={remove.isPending}
        onConfirm={() => { if (removing) remove.mutate(removing); }} onClose={() => setRemoving(null)} />
    </>
  );
}
