import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { notify } from '../components/notify';
import { useText } from '../i18n/text';
import style from './DropZone.module.css';
import { droppedFiles, hasFiles } from './files';
import { uploads } from './uploads';

/** Takes files that are dropped anywhere on the page. */
export function DropZone() {
  const { t } = useText();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => { if (event.relatedTarget === null) setOver(false); };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(false);
      void droppedFiles(event.dataTransfer).then(files => {
        if (files.length === 0) notify({ title: t.upload.none, tone: 'error' });
        else uploads.add(files);
      }, () => notify({ title: t.upload.unreadable, tone: 'error' }));
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [t]);

  if (!over) return null;
  return (
    <div className={style.zone}>
      <Upload size={36} aria-hidden />
      <p className={style.title}>{t.upload.drop}</p>
      <p>{t.upload.dropHelp}</p>
    </div>
  );
}
