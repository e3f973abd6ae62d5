import { AlertTriangle } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button';
import { Empty } from '../components/Status';
import { useText } from '../i18n/text';

function Broken() {
  const { t } = useText();
  return (
    <div role="alert">
      <Empty title={t.app.error} icon={<AlertTriangle size={28} />}
        action={<Button kind="primary" onClick={() => location.reload()}>{t.app.reload}</Button>} />
    </div>
  );
}

/** Keeps a fault of one page from taking the others along. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() { return { broken: true }; }
  override render() { return this.state.broken ? <Broken /> : this.props.children; }
}
