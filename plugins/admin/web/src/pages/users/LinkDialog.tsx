import { Button } from '../../components/Button';
import { CopyValue } from '../../components/CopyButton';
import { Dialog, DialogFooter } from '../../components/Dialog';
import { useText } from '../../i18n/text';

/** A link that works once, shown once. */
export function LinkDialog({ name, url, onClose }: { name: string; url: string; onClose: () => void }) {
  const { t } = useText();
  return (
    <Dialog open wide onClose={onClose} title={t.users.linkFor(name)} description={t.users.linkHelp}>
      <CopyValue label={t.users.link} value={new URL(url, document.baseURI).href} />
      <DialogFooter><Button kind="primary" onClick={onClose}>{t.common.close}</Button></DialogFooter>
    </Dialog>
  );
}
