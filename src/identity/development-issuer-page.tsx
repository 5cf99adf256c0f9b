/** The list of invented people one can be in a demonstration. One form, one press, no script. */
import * as web from '../web/index.ts';
import { type DemoAccount, demoAccountGroups } from './demo-account.ts';

const content = {
  vi: {
    title: 'Chọn người dùng thử',
    lead: 'Trang này thay cho dịch vụ định danh trong bản dùng thử. Mọi người ở đây đều là hư cấu. Không nhập mật khẩu hay số thật.',
    groups: { citizen: 'Người dân', office: 'Cơ quan, trường học', oversight: 'Quản lý, giám sát' },
    signInAs: (name: string) => `Đăng nhập: ${name}`,
    level: (level: 1 | 2) => `mức độ ${level}`,
  },
  en: {
    title: 'Choose a trial user',
    lead: 'This page stands in for the identity service in a trial. Everyone here is invented. Enter no password and no real number.',
    groups: { citizen: 'Citizens', office: 'Agencies and schools', oversight: 'Management and oversight' },
    signInAs: (name: string) => `Sign in: ${name}`,
    level: (level: 1 | 2) => `level ${level}`,
  },
};

export interface DevelopmentIssuerPageProps {
  readonly frame: web.Frame;
  readonly action: string;
  readonly accounts: readonly DemoAccount[];
}

export function DevelopmentIssuerPage({ frame, action, accounts }: DevelopmentIssuerPageProps) {
  const t = content[frame.language];
  return (
    <web.PublicPage frame={frame} title={t.title}>
      <h1>{t.title}</h1>
      <p>{t.lead}</p>
      <web.PostForm frame={frame} action={action} class="loose">
        {demoAccountGroups.map((group) => (
          <section key={group}>
            <h2>{t.groups[group]}</h2>
            {accounts
              .filter((account) => account.group === group)
              .map((account) => (
                <p key={account.subject}>
                  <web.Button kind="second" name="subject" value={account.subject}>
                    {t.signInAs(account.fullName)}
                  </web.Button>
                  <br />
                  {account.about[frame.language]}, {t.level(account.assurance)}
                </p>
              ))}
          </section>
        ))}
      </web.PostForm>
    </web.PublicPage>
  );
}
