import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { usersQuery } from '../../api/queries';
import type { User } from '../../api/types';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Card, Page } from '../../components/Page';
import { LoadError, Skeleton } from '../../components/Status';
import { useText } from '../../i18n/text';
import { AccessLists } from '../account/AccessLists';
import { LinkDialog } from './LinkDialog';
import { UserDialog } from './UserDialog';
import { UserTable } from './UserTable';

export default function UsersPage() {
  const { t } = useText();
  const users = useQuery(usersQuery);
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const [accessOf, setAccessOf] = useState<User | null>(null);
  const [link, setLink] = useState<{ name: string; url: string } | null>(null);
  const showLink = (name: string, url: string | null) => { if (url) setLink({ name, url }); };
  return (
    <Page title={t.users.title} actions={<Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setEdited('new')}>{t.users.add}</Button>}>
      <Card flush>
        {users.isPending && <Skeleton />}
        {users.error && !users.data && <LoadError error={users.error} retry={() => void users.refetch()} />}
        {users.data && <UserTable users={users.data} onEdit={setEdited} onAccess={setAccessOf} onLink={showLink} />}
      </Card>
      {edited && <UserDialog user={edited === 'new' ? null : edited} onClose={() => setEdited(null)} onLink={showLink} />}
      {link && <LinkDialog name={link.name} url={link.url} onClose={() => setLink(null)} />}
      <Dialog wide open={accessOf !== null} onClose={() => setAccessOf(null)} title={t.users.accessOf(accessOf?.display_name || accessOf?.name || '')}>
        {accessOf && <AccessLists user={accessOf.name} />}
      </Dialog>
    </Page>
  );
}
