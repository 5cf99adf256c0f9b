/** Upload of one's own paper: kept for the owner, marked unverified, not usable until compared. */
import * as web from '../web/index.ts';
import { content } from './content.ts';

export interface UploadPageProps {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
  /** Largest file the vault takes. */
  readonly maximumBytes: number;
  /** Fields: `ten` (what paper), `tep` (the file). */
  readonly values?: { readonly ten?: string };
  readonly faults?: readonly web.Fault[];
}

export function UploadPage({ frame, person, waiting, maximumBytes, values, faults }: UploadPageProps) {
  const t = content[frame.language].upload;
  return (
    <web.CitizenPage frame={frame} title={t.title} current="papers" waiting={waiting} faults={faults}>
      <web.BackLink href={web.paths.papers}>{content[frame.language].home.title}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p>{t.lead(person.honorific)}</p>
      <web.PostForm frame={frame} action={web.paths.upload} files class="loose">
        <web.TextField
          name="ten"
          label={t.name}
          hint={t.nameHint}
          value={values?.ten}
          fault={web.faultOf(faults, 'ten')}
        />
        <web.FileField
          name="tep"
          label={t.file}
          hint={t.fileHint(web.formatBytes(maximumBytes, frame.language))}
          accept="application/pdf,image/jpeg,image/png,image/tiff"
          multiple
          fault={web.faultOf(faults, 'tep')}
        />
        <web.Button>{t.send}</web.Button>
      </web.PostForm>
      <p class="small soft">{t.private(person.honorific)}</p>
    </web.CitizenPage>
  );
}
