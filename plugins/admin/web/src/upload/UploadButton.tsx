import { FileUp, FolderUp, Upload } from 'lucide-react';
import { useRef, type ChangeEvent } from 'react';
import { Button } from '../components/Button';
import { Menu, MenuItem } from '../components/Menu';
import { useText } from '../i18n/text';
import { chosenFiles } from './files';
import { uploads } from './uploads';

/** Chooses files or a folder for who does not drag. */
export function UploadButton() {
  const { t } = useText();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    uploads.add(chosenFiles(event.target.files ?? []));
    event.target.value = '';
  };
  return (
    <>
      <input ref={files} type="file" multiple hidden data-upload="files" aria-label={t.studies.uploadFiles} onChange={take} />
      <input ref={folder} type="file" multiple hidden data-upload="folder" aria-label={t.studies.uploadFolder} webkitdirectory="" onChange={take} />
      <Menu trigger={<Button kind="primary" icon={<Upload size={16} aria-hidden />}>{t.studies.upload}</Button>}>
        <MenuItem icon={<FileUp size={16} aria-hidden />} onClick={() => files.current?.click()}>{t.studies.uploadFiles}</MenuItem>
        <MenuItem icon={<FolderUp size={16} aria-hidden />} onClick={() => folder.current?.click()}>{t.studies.uploadFolder}</MenuItem>
      </Menu>
    </>
  );
}
