import { useQuery } from '@tanstack/react-query';
import { DatabaseZap, ShieldCheck, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client';
import { indexQuery, verificationQuery } from '../../api/queries';
import type { Storage } from '../../api/types';
import { useAction } from '../../app/action';
import { useLive } from '../../app/live';
import { useAccess } from '../../app/session';
import { Button, ButtonLink } from '../../components/Button';
import { Confirm } from '../../components/Dialog';
import { notify } from '../../components/notify';
import { Card } from '../../components/Page';
import { useText } from '../../i18n/text';
import { roughHours } from './rough_hours';
import style from './System.module.css';

const kInterval = 5000;

interface Work { path: string; job: number | null; icon: LucideIcon; label: string; title: string; text: string; action: string }

/** A button for something that reads all objects: it asks before, and leads to the job while that is under way. */
function WorkButton({ path, job, icon: Icon, label, title, text, action }: Work) {
  const { t } = useText();
  const [asking, setAsking] = useState(false);
  const begin = useAction({
    run: () => call(path, { method: 'POST' }), done: () => notify({ title: t.maintenance.begun, description: title }), changes: [['verification'], ['index'], ['jobs']],
  });
  const confirm = () => begin.mutate(undefined, { onSettled: () => setAsking(false) });
  return (
    <div className={style.work}>
      <Button icon={<Icon size={16} aria-hidden />} disabled={job !== null} onClick={() => setAsking(true)}>{label}</Button>
      {job !== null && <ButtonLink kind="quiet" small to="/queue">{t.maintenance.running}</ButtonLink>}
      <Confirm open={asking} title={title} text={text} action={action} danger={false} busy={begin.isPending} onConfirm={confirm} onClose={() => setAsking(false)} />
    </div>
  );
}

/** What administrators have done to the whole archive: rarely, and with a job each. */
export function MaintenanceCard({ storage }: { storage: Storage }) {
  const { t, f } = useText();
  const { can } = useAccess();
  const allowed = can('jobs.manage');
  const verifiable = useLive().state.parts?.includes('verification') ?? false;
  const verification = useQuery({ ...verificationQuery, refetchInterval: kInterval, enabled: allowed && verifiable });
  const index = useQuery({ ...indexQuery, refetchInterval: kInterval, enabled: allowed });
  const renewable = index.data?.renewable ?? false;
  if (!allowed || (!verification.data && !renewable)) return null;
  const time = (rate?: number) => {
    const hours = roughHours(storage.bytes, rate);
    return hours === 0 ? t.maintenance.minutes : t.maintenance.hours(hours);
  };
  const objects = f.number(storage.instances);
  return (
    <Card title={t.maintenance.title}>
      <div className={style.stack}>
        {verification.data && <WorkButton path="api/verification" job={verification.data.job} icon={ShieldCheck} label={t.maintenance.verify}
          title={t.maintenance.verifyTitle} text={t.maintenance.verifyText(objects, time(verification.data.rate))} action={t.maintenance.verifyNow} />}
        {renewable && <WorkButton path="api/index" job={index.data?.job ?? null} icon={DatabaseZap} label={t.maintenance.index}
          title={t.maintenance.indexTitle} text={t.maintenance.indexText(objects, time())} action={t.maintenance.indexNow} />}
      </div>
    </Card>
  );
}
