/** The pages of notices: what happened, newest first, and how the person wants to be told. */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import type { ChannelName, NoticeKind } from './notice.ts';

interface CitizenProps {
  readonly frame: web.Frame;
  readonly waiting: number;
}

export interface ShownNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly at: Date;
  readonly read: boolean;
  /** Where the thing itself is. */
  readonly href: string;
  readonly undelivered: readonly ChannelName[];
}

export interface NoticesPageProps extends CitizenProps {
  readonly unread: number;
  readonly notices: readonly ShownNotice[];
  readonly older?: string;
}

export function NoticesPage({ frame, waiting, unread, notices, older }: NoticesPageProps) {
  const t = content[frame.language];
  const days = Map.groupBy(notices, ({ at }) => web.formatDate(at));
  return (
    <web.CitizenPage frame={frame} title={t.title} current="log" waiting={waiting}>
      <h1>{t.title}</h1>
      <p>{notices.length === 0 ? t.none : t.lead(unread)}</p>
      {unread > 0 ? (
        <web.PostForm frame={frame} action={web.paths.notices}>
          <web.Button kind="second">{t.markAll}</web.Button>
        </web.PostForm>
      ) : null}
      {[...days].map(([day, of]) => (
        <web.Ledger key={day} title={day}>
          {of.map((notice) => (
            <Entry key={notice.id} frame={frame} notice={notice} />
          ))}
        </web.Ledger>
      ))}
      {older === undefined ? null : <web.LoneLink href={older}>{t.older}</web.LoneLink>}
      <web.LoneLink href={web.paths.contact}>{t.how}</web.LoneLink>
    </web.CitizenPage>
  );
}

function Entry({ frame, notice }: { frame: web.Frame; notice: ShownNotice }) {
  const t = content[frame.language];
  return (
    <web.LedgerEntry who={t.kinds[notice.kind]} time={web.formatTime(notice.at)}>
      <web.Status
        language={frame.language}
        state={notice.read ? 'done' : 'asked_only'}
        word={notice.read ? t.seen : t.isNew}
      />
      {notice.undelivered.length > 0 ? (
        <web.Status
          language={frame.language}
          state="link_down"
          word={t.undelivered(notice.undelivered.map((way) => t.ways[way]).join(', '))}
        />
      ) : null}
      <p>
        <a href={notice.href}>
          {t.next[notice.kind]}
          <span class="hidden">, {web.formatDateTime(notice.at)}</span>
        </a>
      </p>
    </web.LedgerEntry>
  );
}

export interface ContactPageProps extends CitizenProps {
  /** Masked. */
  readonly email: string | null;
  readonly phone: string | null;
  readonly chosen: { readonly byEmail: boolean; readonly bySms: boolean; readonly byApp: boolean };
  /** A code is on its way. */
  readonly checking?: { readonly channel: 'email' | 'sms'; readonly to: string };
  readonly saved?: boolean;
  readonly faults?: readonly web.Fault[];
}

export function ContactPage(props: ContactPageProps) {
  const { frame, waiting, faults, chosen } = props;
  const t = content[frame.language].contact;
  return (
    <web.CitizenPage frame={frame} title={t.title} current="log" waiting={waiting} faults={faults}>
      <web.BackLink href={web.paths.notices}>{content[frame.language].title}</web.BackLink>
      <h1 class="tight">{t.title}</h1>
      {props.saved ? <web.Notice tone="ok" title={t.saved} /> : null}
      <p>{t.lead}</p>
      <Address {...props} channel="email" title={t.email} current={props.email} label={t.address} />
      <Address {...props} channel="sms" title={t.phone} current={props.phone} label={t.number} />
      <section>
        <h2>{t.choose}</h2>
        <web.PostForm frame={frame} action={web.paths.contact}>
          <web.CheckTile name="email" label={t.byEmail} checked={chosen.byEmail} />
          <web.CheckTile name="sms" label={t.bySms} checked={chosen.bySms} />
          <web.CheckTile name="app" label={t.byApp} checked={chosen.byApp} />
          <web.Button>{t.save}</web.Button>
        </web.PostForm>
      </section>
    </web.CitizenPage>
  );
}

function Address(
  props: ContactPageProps & {
    readonly channel: 'email' | 'sms';
    readonly title: string;
    readonly label: string;
    readonly current: string | null;
  },
) {
  const { frame, channel, title, label, current, checking, faults } = props;
  const t = content[frame.language].contact;
  const [field, codeField] = [`dia-chi-${channel}`, `ma-${channel}`];
  return (
    <section>
      <h2>{title}</h2>
      <p>{current === null ? t.noneYet : t.current(current)}</p>
      {checking?.channel === channel ? (
        <web.PostForm frame={frame} action={web.paths.contactConfirm(channel)}>
          <p>{t.codeSent(checking.to)}</p>
          <web.TextField name={codeField} label={t.code} fault={web.faultOf(faults, codeField)} />
          <web.Button kind="second">{t.confirm}</web.Button>
        </web.PostForm>
      ) : (
        <web.PostForm frame={frame} action={web.paths.contactPropose(channel)}>
          <web.TextField
            name={field}
            label={label}
            hint={channel === 'sms' ? t.numberHint : undefined}
            fault={web.faultOf(faults, field)}
          />
          <web.Button kind="second" about={title}>
            {t.sendCode}
          </web.Button>
        </web.PostForm>
      )}
      {current === null ? null : (
        <web.PostForm frame={frame} action={web.paths.contactRemove(channel)}>
          <button class="link" type="submit">
            {t.remove}
            <span class="hidden">, {title}</span>
          </button>
        </web.PostForm>
      )}
    </section>
  );
}
