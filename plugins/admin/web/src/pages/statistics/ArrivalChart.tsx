import { useText } from '../../i18n/text';
import type { Amount, Bar } from './arrivals';
import style from './Statistics.module.css';

export type Measure = keyof Amount;
const kHeight = 100;

/** What arrived each day or week, as bars; the same as a table below. */
export function ArrivalChart({ bars, measure, label }: { bars: Bar[]; measure: Measure; label: string }) {
  const { t, f } = useText();
  const amount = (bar: Amount) => (measure === 'bytes' ? f.bytes(bar.bytes) : t.studies.instances(bar.instances));
  const when = (bar: Bar) => (bar.first === bar.last ? f.date(bar.first) : t.statistics.week(f.date(bar.first), f.date(bar.last)));
  const peak = bars.reduce<Bar | undefined>((most, bar) => (most && most[measure] >= bar[measure] ? most : bar), undefined);
  const first = bars[0];
  const last = bars.at(-1);
  if (!peak || !first || !last) return null;
  const height = (bar: Bar) => (bar[measure] / (peak[measure] || 1)) * kHeight;
  const weekly = last.first !== last.last;
  return (
    <figure className={style.chart}>
      <figcaption>{t.statistics.most(amount(peak), when(peak))}</figcaption>
      <svg viewBox={`0 0 ${bars.length} ${kHeight}`} preserveAspectRatio="none" role="img" aria-label={`${label}. ${t.statistics.most(amount(peak), when(peak))}`}>
        {bars.map((bar, index) => (
          <g key={bar.first} className={style.day}>
            <title>{`${when(bar)}: ${amount(bar)}`}</title>
            <rect className={style.ground} x={index} width={1} y={0} height={kHeight} />
            <rect className={style.bar} x={index + 0.12} width={0.76} y={kHeight - height(bar)} height={height(bar)} />
          </g>
        ))}
      </svg>
      <div className={style.axis} aria-hidden="true"><span>{f.date(first.first)}</span><span>{f.date(last.last)}</span></div>
      <details>
        <summary>{t.statistics.table}</summary>
        <table className={style.plain}>
          <thead><tr><th scope="col">{weekly ? t.statistics.weeks : t.statistics.day}</th><th scope="col">{t.storage.instances}</th><th scope="col">{t.storage.size}</th></tr></thead>
          <tbody>
            {bars.filter(bar => bar.instances > 0).toReversed().map(bar => (
              <tr key={bar.first}><th scope="row">{when(bar)}</th><td>{f.number(bar.instances)}</td><td>{f.bytes(bar.bytes)}</td></tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
