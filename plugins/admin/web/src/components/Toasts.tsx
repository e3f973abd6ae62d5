import { Toast } from '@base-ui/react/toast';
import { AlertTriangle, CheckCircle2, Loader, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../i18n/text';
import { Button, IconButton } from './Button';
import style from './Toasts.module.css';
import { toastManager } from './notify';

function ToneIcon({ tone }: { tone: string | undefined }) {
  if (tone === 'error') return <AlertTriangle size={18} className={style.badIcon} aria-hidden />;
  if (tone === 'busy') return <Loader size={18} className="muted" aria-hidden />;
  return <CheckCircle2 size={18} className={style.goodIcon} aria-hidden />;
}

function Shown() {
  const { t } = useText();
  const { toasts } = Toast.useToastManager();
  return toasts.map(toast => (
    <Toast.Root key={toast.id} toast={toast} className={[style.toast, toast.type === 'error' && style.bad, toast.type === 'busy' && style.busy].filter(Boolean).join(' ')} swipeDirection="right">
      <Toast.Content className={style.content}>
        <ToneIcon tone={toast.type} />
        <div className={style.text}>
          <Toast.Title className={style.title} render={<p />}>{toast.title}</Toast.Title>
          <Toast.Description className={style.description} render={<div />}>{toast.description}</Toast.Description>
        </div>
        {toast.actionProps && <Toast.Action render={<Button small />}>{toast.actionProps.children}</Toast.Action>}
        <Toast.Close render={<IconButton label={t.common.close} icon={<X size={16} aria-hidden />} />} />
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Short messages at the edge of the screen, which are read out. F6 goes to them. */
export function Toasts({ children }: { children: ReactNode }) {
  const { t } = useText();
  return (
    <Toast.Provider toastManager={toastManager} limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={style.viewport} aria-label={t.app.notifications}><Shown /></Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
