import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../i18n/text';
import { IconButton } from './Button';
import style from './CopyButton.module.css';
import { copyText } from './copy_text';

function CopyButton({ value, label }: { value: string; label: string }) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <>
      <IconButton label={copied ? t.common.copied : label} icon={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />} onClick={() => void copy()} />
      <span className="visually-hidden" aria-live="polite">{copied ? t.common.copied : ''}</span>
    </>
  );
}

/** A value for another program, with a button that copies it. */
export function CopyValue({ label, value }: { label: string; value: string }) {
  const { t } = useText();
  return (
    <div className={style.line}>
      <span className={style.label}>{label}</span>
      <code className={style.value}>{value}</code>
      <CopyButton value={value} label={t.connect.copy(label)} />
    </div>
  );
}
