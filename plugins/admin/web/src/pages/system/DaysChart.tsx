import type { DayUse } from '../../api/types';
import { useText } from '../../i18n/text';
import { lastDays } from './last_days';
import style from './System.module.css';

const kDays = 90;
const kWidth = 640;
const kHeight = 180;
const kFoot = 22;
const kHead = 16;

/** What arrived each day, as bars; the same as a table below. */
export function DaysChart({ received }: { received: DayUse[] }) {
  const { t, f } = useText();
  const days = lastDays(received, kDays, new Date());
  const total = days.reduce((sum, day) => sum + day.bytes, 0);
  const peak = days.reduce<DayUse | null>((most, day) => (most && most.bytes >= day.bytes ? most : day), null);
  if (!peak || total === 0) return <p className="muted">{t.storage.chartEmpty}</p>;
  const step = kWidth / days.length;
  const height = (bytes: number) => (bytes / peak.bytes) * (kHeight - kFoot - kHead);
  const first = days[0];
  const last = days.at(-1);
  const summary = t.storage.chartSummary(f.bytes(total), f.bytes(peak.bytes), f.date(peak.date));
  return (
    <figure className={style.chart}>
      <svg viewBox={`0 0 ${kWidth} ${kHeight}`} role="img" aria-label={`${t.storage.chart}. ${summary}`}>
        <line className={style.grid} x1={0} x2={kWidth} y1={kHead} y2={kHead} />
        <line className={style.grid} x1={0} x2={kWidth} y1={kHeight - kFoot} y2={kHeight - kFoot} />
        <text className={style.axis} x={0} y={kHead - 5}>{f.bytes(peak.bytes)}</text>
        {days.map((day, index) => (
          <rect key={day.date} className={style.bar} x={index * step + step * 0.15} width={step * 0.7} rx={1} y={kHeight - kFoot - height(day.bytes)} height={height(day.bytes)}>
            <title>{`${f.date(day.date)}: ${f.bytes(day.bytes)}, ${t.studies.instances(day.instances)}`}</title>
          </rect>
        ))}
        {first && <text className={style.axis} x={0} y={kHeight - 6}>{f.date(first.date)}</text>}
        {last && <text className={style.axis} x={kWidth} y={kHeight - 6} textAnchor="end">{f.date(last.date)}</text>}
      </svg>
      <figcaption className="muted">{summary}</figcaption>
      <details>
        <summary>{t.storage.table}</summary>
        <table className={style.plain}>
          <thead><tr><th scope="col">{t.storage.day}</th><th scope="col">{t.storage.instances}</th><th scope="col">{t.storage.size}</th></tr></thead>
          <tbody>
            {days.filter(day => day.instances > 0).toReversed().map(day => (
              <tr key={day.date}><td>{f.date(day.date)}</td><td>{f.number(day.instances)}</td><td>{f.bytes(day.bytes)}</td></tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
