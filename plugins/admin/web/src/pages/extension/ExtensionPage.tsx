import { useParams, useSearchParams } from 'wouter';
import { extensionAddress, useExtensions } from '../../app/extensions';
import { Page, usePageTitle } from '../../components/Page';
import { Empty } from '../../components/Status';
import { useText } from '../../i18n/text';
import { ExtensionFrame } from './ExtensionFrame';

/** A page of a plugin within the application. */
export default function ExtensionPage() {
  const { t } = useText();
  const { id } = useParams();
  const [parameters] = useSearchParams();
  const study = parameters.get('study') ?? '';
  const all = [...useExtensions('page'), ...useExtensions('study_action')];
  const extension = all.find(other => encodeURIComponent(other.id) === id);
  usePageTitle(extension?.label ?? t.app.notFound);
  if (!extension) return <Page title={t.app.notFound}><Empty title={t.app.notFound} /></Page>;
  return <ExtensionFrame label={extension.label} url={extensionAddress(extension.url, study)} />;
}
