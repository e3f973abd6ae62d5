import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'wouter';
import { settingsQuery } from '../../api/queries';
import type { Setting } from '../../api/types';
import { extensionAddress, useExtensions } from '../../app/extensions';
import { DataTable, type Column } from '../../components/DataTable';
import { TextField } from '../../components/Field';
import { Card, Page } from '../../components/Page';
import { Empty, LoadError, Skeleton } from '../../components/Status';
import type { Language } from '../../i18n/language';
import { useText } from '../../i18n/text';
import { ExtensionFrame } from '../extension/ExtensionFrame';
import style from './System.module.css';

/** What the schema says in this language; plugins of others may have it in English only. */
const descriptionIn = (setting: Setting, language: Language) => (language === 'de' && setting.description_de) || setting.description;

function Group({ instance, settings }: { instance: string; settings: Setting[] }) {
  const { t, language } = useText();
  const columns = useMemo<Column<Setting>[]>(() => [
    { id: 'option', header: t.settings.option, cell: setting => <><code className={style.option}>{setting.option}</code><span className={style.help}>{descriptionIn(setting, language)}</span></> },
    { id: 'value', header: t.settings.value, cell: setting => <code className={style.value}>{setting.value || t.common.none}</code> },
    { id: 'origin', header: t.settings.origin, cell: setting => <span className={style.origin}>{setting.origin === 'default' ? t.settings.default : setting.origin.replaceAll(', from ', `, ${t.settings.variable} `)}</span> },
  ], [t, language]);
  return <Card title={instance} flush><DataTable even caption={instance} columns={columns} rows={settings} rowKey={setting => setting.option} /></Card>;
}

/** The forms that plugins add, one at a time. */
function Forms({ chosen }: { chosen: string | undefined }) {
  const { t } = useText();
  const forms = useExtensions('settings_form');
  const shown = forms.find(form => encodeURIComponent(form.id) === chosen);
  if (forms.length === 0) return null;
  return (
    <Card title={t.settings.extensions}>
      <ul className={style.forms}>
        {forms.map(form => (
          <li key={form.id}>
            {form.new_tab ? <a href={extensionAddress(form.url)} target="_blank" rel="noopener">{form.label}</a>
              : <Link to={`/settings/${encodeURIComponent(form.id)}`} aria-current={encodeURIComponent(form.id) === chosen ? 'page' : undefined}>{form.label}</Link>}
          </li>
        ))}
      </ul>
      {shown && !shown.new_tab && <ExtensionFrame label={shown.label} url={extensionAddress(shown.url)} />}
    </Card>
  );
}

export default function SettingsPage() {
  const { t } = useText();
  const { form } = useParams();
  const settings = useQuery(settingsQuery);
  const [words, setWords] = useState('');
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const all = settings.data ?? [];
  const matching = all.filter(setting => {
    const text = `${setting.instance} ${setting.option} ${setting.value} ${setting.description} ${setting.description_de}`.toLowerCase();
    return wanted.every(word => text.includes(word));
  });
  const groups = Map.groupBy(matching, setting => setting.instance);
  return (
    <Page title={t.settings.title} intro={t.settings.intro}>
      <Forms chosen={form} />
      <div className={style.search}>
        <TextField label={t.settings.search} type="search" value={words} onChange={event => setWords(event.target.value)} />
        <span role="status" className="muted">{settings.isSuccess && t.settings.shown(matching.length)}</span>
      </div>
      {settings.isPending && <Skeleton />}
      {settings.error && !settings.data && <LoadError error={settings.error} retry={() => void settings.refetch()} />}
      {settings.isSuccess && matching.length === 0 && <Empty title={t.settings.empty} icon={<Search size={28} />} />}
      {[...groups].map(([instance, group]) => <Group key={instance} instance={instance} settings={group} />)}
    </Page>
  );
}
