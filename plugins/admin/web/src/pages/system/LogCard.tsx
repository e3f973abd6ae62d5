import { Pause, Play } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button';
import { Card } from '../../components/Page';
import { Badge, Skeleton, useErrorText } from '../../components/Status';
import { useText } from '../../i18n/text';
import { isAtLeast, kLevels, tone, useLog, type Level } from './log';
import style from './System.module.css';

/** The end of the archive's log, live. */
export function LogCard() {
  const { t, f } = useText();
  const errorText = useErrorText();
  const [level, setLevel] = useState<Level>('info');
  const [paused, setPaused] = useState(false);
  const [words, setWords] = useState('');
  const { entries, error, loaded } = useLog(paused);
  const lines = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const shown = entries.filter(entry => isAtLeast(entry, level) && `${entry.instance} ${entry.message} ${entry.fields}`.toLowerCase().includes(words.toLowerCase()));
  useLayoutEffect(() => {
    if (atEnd.current && lines.current) lines.current.scrollTop = lines.current.scrollHeight;
  }, [shown.length]);
  return (
    <Card title={t.health.log} intro={t.health.follow} flush actions={(
      <>
        <input className={style.filter} type="text" aria-label={t.health.logFilter} placeholder={t.health.logFilter} value={words} onChange={event => setWords(event.target.value)} />
        <select className={style.filter} aria-label={t.health.level} value={level} onChange={event => setLevel(kLevels.find(known => known === event.target.value) ?? 'all')}>
          {kLevels.map(known => <option key={known} value={known}>{t.health.levels[known]}</option>)}
        </select>
        <Button small icon={paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />} aria-pressed={paused} onClick={() => setPaused(!paused)}>{paused ? t.health.resume : t.health.pause}</Button>
      </>
    )}>
      <div ref={lines} className={style.log} tabIndex={0} role="log" aria-live="off" aria-label={t.health.log}
        onScroll={event => { const box = event.currentTarget; atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 30; }}>
        {!loaded && <Skeleton rows={5} />}
        {loaded && Boolean(error) && <p className="muted">{errorText(error)}</p>}
        {loaded && !error && shown.length === 0 && <p className="muted">{t.health.logEmpty}</p>}
        {shown.map(entry => (
          <div key={entry.number} className={style.line}>
            <span className="muted numeric" title={entry.time}>{f.clock(entry.time)}</span>
            <span><Badge tone={tone(entry.level)}>{entry.level}</Badge></span>
            <span className={style.message}><span className="muted">{entry.instance}</span> {entry.message} <span className="muted">{entry.fields}</span></span>
          </div>
        ))}
      </div>
    </Card>
  );
}
