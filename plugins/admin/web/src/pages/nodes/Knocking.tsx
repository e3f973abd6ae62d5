import { useQuery } from '@tanstack/react-query';
import { DoorOpen, SlidersHorizontal, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { call, query } from '../../api/client';
import { knockingQuery } from '../../api/queries';
import type { Knock, Node, Right } from '../../api/types';
import { useAction } from '../../app/action';
import { Button, IconButton } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { Fields, TextField } from '../../components/Field';
import { notify } from '../../components/notify';
import { Card } from '../../components/Page';
import { useText } from '../../i18n/text';
import { rightsIn, sensibleRights } from './draft';
import style from './Nodes.module.css';
import { RightsChoice } from './RightsChoice';

/** Without rights, the server gives those that were wanted. */
interface Admission { knock: Knock; rights?: Right[]; port?: string }

function useAdmit(done?: () => void) {
  const { t } = useText();
  return useAction({
    run: ({ knock, rights, port }: Admission) => call<Node>('api/knocking/admit', {
      method: 'POST', body: { ae_title: knock.ae_title, address: knock.address, ...(rights && { rights }), ...(port && { port: Number(port) }) },
    }),
    done: node => {
      notify({ title: t.knocking.admitted(node.ae_title), description: t.knocking.admittedHelp });
      done?.();
    },
    changes: [['nodes'], ['knocking'], ['state']],
  });
}

function AdmitDialog({ knock, onClose }: { knock: Knock; onClose: () => void }) {
  const { t } = useText();
  const [rights, setRights] = useState(() => sensibleRights(knock.wanted));
  const [port, setPort] = useState('');
  const admit = useAdmit(onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    admit.mutate({ knock, rights, port: port.trim() });
  };
  return (
    <Dialog open onClose={onClose} title={t.knocking.letInTitle(knock.ae_title)} description={t.knocking.from(knock.address)}>
      <form onSubmit={submit}>
        <Fields>
          <RightsChoice rights={rights} onChange={setRights} />
          <TextField label={t.nodeForm.port} help={t.knocking.portHelp} optional inputMode="numeric" pattern="[0-9]{1,5}" value={port} onChange={event => setPort(event.target.value)} />
        </Fields>
        <DialogFooter>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={admit.isPending}>{t.knocking.letIn}</Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** The server's reasons stand behind a colon elsewhere, and begin small. */
const asSentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Caller({ knock, onAdjust }: { knock: Knock; onAdjust: () => void }) {
  const { t, f, say } = useText();
  const admit = useAdmit();
  // Whose TLS fails has not said its AE title yet.
  const name = knock.ae_title || t.knocking.unnamed;
  // Of the many kinds of images that a device names, only that it wants to store is of interest here.
  const wanted = (text: string) => f.list(rightsIn(text).map(right => t.nodes.right[right])) || text;
  const dismiss = useAction({
    run: () => call(`api/knocking${query({ ae_title: knock.ae_title, address: knock.address })}`, { method: 'DELETE' }),
    done: () => notify({ title: t.knocking.dismissed(knock.ae_title || t.knocking.unnamed) }),
    changes: [['knocking'], ['state']],
  });
  return (
    <li className={style.caller}>
      <div className={style.callerText}>
        <p><strong>{name}</strong> <span className="muted">{t.knocking.from(knock.address)} · {knock.ae_title && <>{t.knocking.called(knock.called_ae_title)} · </>}{t.knocking.times(knock.times)}, {t.knocking.last(f.ago(knock.last))}</span></p>
        <p>{knock.wanted && <><span className="muted">{t.knocking.wanted}</span> <span title={knock.wanted}>{wanted(knock.wanted)}</span>. </>}<span className="muted">{asSentence(say(knock.reason))}</span></p>
      </div>
      <div className={style.actions}>
        {knock.ae_title && <>
          <Button kind="primary" small icon={<DoorOpen size={15} aria-hidden />} busy={admit.isPending}
            aria-label={`${t.knocking.letIn}: ${name}`} onClick={() => admit.mutate({ knock })}>{t.knocking.letIn}</Button>
          <IconButton label={`${t.knocking.adjust} (${name})`} icon={<SlidersHorizontal size={16} aria-hidden />} onClick={onAdjust} />
        </>}
        <IconButton label={`${t.knocking.dismiss}: ${name}`} icon={<X size={17} aria-hidden />} disabled={dismiss.isPending} onClick={() => dismiss.mutate()} />
      </div>
    </li>
  );
}

/** Who was refused, and may be let in with one press. Nothing is shown when nobody was. */
export function Knocking() {
  const { t } = useText();
  const { data: callers = [] } = useQuery(knockingQuery);
  const [adjusted, setAdjusted] = useState<Knock | null>(null);
  return (
    <div aria-live="polite">
      {callers.length > 0 && (
        <div className={style.knocking}>
          <Card title={t.knocking.title} intro={t.knocking.intro} flush>
            <ul>{callers.map(knock => <Caller key={`${knock.ae_title} ${knock.address}`} knock={knock} onAdjust={() => setAdjusted(knock)} />)}</ul>
          </Card>
        </div>
      )}
      {adjusted && <AdmitDialog knock={adjusted} onClose={() => setAdjusted(null)} />}
    </div>
  );
}
