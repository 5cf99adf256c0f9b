/** The first page of a first-time user: get in, mend a mistake, or find out that no sign-in is needed. */
import * as web from '../web/index.ts';
import { content } from './content.ts';

/** Name of the field; a fault's `field` is the same. */
export const personalNumberField = 'so-dinh-danh';

/** What a visitor typed, without spaces and dots, or the fault that says how to mend it. */
export function readPersonalNumber(
  typed: unknown,
  language: web.Language,
): { readonly number: string } | { readonly fault: web.Fault } {
  const t = content[language].fault;
  const text = typeof typed === 'string' ? typed.normalize('NFKC').replace(/[\s.\-–]/g, '') : '';
  const fault = (words: string) => ({ fault: { field: personalNumberField, text: words } });
  if (text === '') return fault(t.empty);
  if (!/^\d+$/.test(text)) return fault(t.letters);
  if (text.length === 9) return fault(t.nine);
  return text.length === 12 ? { number: text } : fault(t.length(text.length));
}

export interface SignInPageProps {
  readonly frame: web.Frame;
  /** Name of the identity provider, as people know it. */
  readonly provider: string;
  /** What was typed, kept after a fault. */
  readonly value?: string;
  readonly faults?: readonly web.Fault[];
  /** True when a session ran out: the page says what was kept. */
  readonly expired?: boolean;
  /** Where to go afterwards: a path of ours, already checked. */
  readonly returnTo?: string;
  readonly officerHref: string;
}

export function SignInPage(props: SignInPageProps) {
  const { frame, provider, value, faults, expired, returnTo, officerHref } = props;
  const t = content[frame.language];
  const failed = faults !== undefined && faults.length > 0;
  const other = frame.language === 'vi' ? 'en' : 'vi';
  const account = (
    <a href={web.inLanguage(frame.path, other)} lang={other} hreflang={other}>
      {web.shared[frame.language].otherLanguage}
    </a>
  );
  return (
    <web.PublicPage frame={frame} title={t.title} faults={faults} account={account}>
      {expired ? (
        <web.Notice tone="act" title={t.expired}>
          <p>{t.expiredText}</p>
        </web.Notice>
      ) : null}
      <h1>{t.title}</h1>
      <p>{t.lead(provider)}</p>
      <web.PostForm frame={frame} action={web.paths.signIn} class="loose">
        {returnTo ? <input type="hidden" name="ve" value={returnTo} /> : null}
        <web.TextField
          name={personalNumberField}
          label={t.number}
          hint={t.numberHint}
          width="w12"
          keyboard="numeric"
          autocomplete="username"
          value={value}
          fault={web.faultOf(faults, personalNumberField)}
        />
        <web.Button>{t.go(provider)}</web.Button>
      </web.PostForm>
      {failed ? (
        <section>
          <h2>{t.noCard}</h2>
          <p>{t.noCardText}</p>
        </section>
      ) : null}
      <section>
        <h2>{t.noPhone}</h2>
        <p>{t.noPhoneText}</p>
        <web.LoneLink href={web.paths.offices}>{t.nearest}</web.LoneLink>
      </section>
      <div>
        <web.Folded title={t.forgot(provider)}>
          <p>{t.forgotText(provider)}</p>
        </web.Folded>
        <web.Folded title={t.onlyVerify}>
          <p>{t.onlyVerifyText}</p>
          <web.LoneLink href={web.paths.verify}>{t.onlyVerifyLink}</web.LoneLink>
        </web.Folded>
        <web.Folded title={t.officer}>
          <p>{t.officerText}</p>
          <web.LoneLink href={officerHref}>{t.officerLink}</web.LoneLink>
        </web.Folded>
      </div>
    </web.PublicPage>
  );
}
