/** The question before a self-uploaded paper goes for good: what goes, that nothing brings it back, and the way out. */
import * as web from '../web/index.ts';
import { content } from './content.ts';

export interface RemovePageProps {
  readonly frame: web.Frame;
  readonly person: web.Addressee;
  readonly waiting: number;
  readonly paper: { readonly id: string; readonly title: string; readonly uploadedAt: Date };
}

export function RemovePage({ frame, person, waiting, paper }: RemovePageProps) {
  const t = content[frame.language].remove;
  const back = web.paths.paper(paper.id);
  return (
    <web.CitizenPage frame={frame} title={t.title} current="papers" waiting={waiting}>
      <web.BackLink href={back}>{paper.title}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      <p class="serif">{paper.title}</p>
      <p class="small soft">
        {content[frame.language].home.uploadedOn(person.honorific, web.formatDate(paper.uploadedAt))}
      </p>
      <p>{t.forGood(person.honorific)}</p>
      <web.PostForm frame={frame} action={web.paths.paperRemove(paper.id)} class="loose">
        <web.Button kind="refuse">{t.remove}</web.Button>
      </web.PostForm>
      <web.LoneLink href={back}>{t.keep}</web.LoneLink>
    </web.CitizenPage>
  );
}
