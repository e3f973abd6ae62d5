import { useState } from 'react';
import { ProgressBar } from '../../components/Status';
import { useText } from '../../i18n/text';
import style from './ExtensionFrame.module.css';

/** What a plugin serves, within the application. */
export function ExtensionFrame({ label, url }: { label: string; url: string }) {
  const { t } = useText();
  const [loaded, setLoaded] = useState(false);
  return (
    <div className={style.frame}>
      {!loaded && <ProgressBar value={null} label={t.app.loading} />}
      <iframe title={label} src={url} onLoad={() => setLoaded(true)} />
    </div>
  );
}
