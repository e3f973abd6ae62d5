import { CircleAlert, CircleCheck, CircleMinus } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { part, request } from '../../api/client';
import { readLines } from '../../api/ndjson';
import type { AssistantStep, Node } from '../../api/types';
import { useHas } from '../../app/live';
import { useAccess } from '../../app/session';
import { Button } from '../../components/Button';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { Choice } from '../../components/Field';
import { Note, ProgressBar, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { ConnectionValues } from './ConnectCard';
import { NodeUses } from './NodeUses';
import style from './Nodes.module.css';

interface Run { steps: AssistantStep[]; running: boolean; error: unknown }

/** Runs the checks of a node; its steps come one by one. */
function useAssistant(ae: string, send: boolean): [Run, () => void] {
  const [run, setRun] = useState<Run>({ steps: [], running: true, error: null });
  const [round, setRound] = useState(0);
  const withImage = useRef(send);
  useEffect(() => { withImage.current = send; }, [send]);
  useEffect(() => {
    const controller = new AbortController();
    const work = async () => {
      setRun({ steps: [], running: true, error: null });
      try {
        const answer = await request(`api/nodes/${part(ae)}/assistant`, { method: 'POST', body: { send: withImage.current }, signal: controller.signal });
        if (answer.body) await readLines<AssistantStep>(answer.body, step => setRun(now => ({ ...now, steps: [...now.steps, step] })));
        setRun(now => ({ ...now, running: false }));
      } catch (error) {
        if (!controller.signal.aborted) setRun(now => ({ ...now, running: false, error }));
      }
    };
    void work();
    return () => controller.abort();
  }, [ae, round]);
  return [run, useCallback(() => setRound(before => before + 1), [])];
}

const icons = { ok: CircleCheck, failed: CircleAlert, skipped: CircleMinus };

function Step({ step }: { step: AssistantStep }) {
  const { t, f } = useText();
  const Icon = icons[step.state];
  return (
    <li className={style.step}>
      <Icon size={19} className={style[step.state]} aria-label={t.assistant.state[step.state]} />
      <div>
        <p className={style.stepTitle}>{step.title}</p>
        {step.detail && <p className="muted">{f.momentsIn(step.detail)}</p>}
        {step.remedy && <Note tone={step.state === 'ok' ? 'info' : 'warning'}>{step.remedy}</Note>}
      </div>
    </li>
  );
}

/** Finds out step by step whether a node and the archive can talk to each other, and what to do if not. */
export function AssistantDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const { t } = useText();
  const errorText = useErrorText();
  const { can } = useAccess();
  const has = useHas();
  const [send, setSend] = useState(false);
  const [run, again] = useAssistant(node.ae_title, send);
  const problems = run.steps.filter(step => step.state === 'failed').length;
  return (
    <Dialog open onClose={onClose} wide title={t.assistant.title(node.ae_title)} description={t.assistant.intro}>
      {run.running && <ProgressBar value={null} label={t.assistant.running} />}
      <ol className={style.assistant} aria-live="polite">{run.steps.map(step => <Step key={step.step} step={step} />)}</ol>
      {Boolean(run.error) && <Note tone="danger">{errorText(run.error)}</Note>}
      {!run.running && !run.error && <Note tone={problems > 0 ? 'warning' : 'good'} title={problems > 0 ? t.assistant.problems(problems) : t.assistant.done} />}
      {!run.running && can('audit.read') && has('audit') && <NodeUses ae={node.ae_title} />}
      {!run.running && (
        <section className={style.other}>
          <h3>{t.assistant.otherSide}</h3>
          <ConnectionValues />
        </section>
      )}
      <Choice label={t.assistant.testImage} help={t.assistant.testImageHelp} checked={send} disabled={run.running} onChange={event => setSend(event.target.checked)} />
      <DialogFooter>
        <Button onClick={again} busy={run.running}>{t.assistant.again}</Button>
        <Button kind="primary" onClick={onClose}>{t.common.close}</Button>
      </DialogFooter>
    </Dialog>
  );
}
