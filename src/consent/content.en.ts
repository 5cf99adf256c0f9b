/** English words of the consent pages. */
import type { vi } from './content.vi.ts';

const papers = (count: number): string => (count === 1 ? '1 paper' : `${count} papers`);

export const en = {
  textVersion: 'en-2026-11',
  requests: {
    title: 'Requests to see my papers',
    waiting: (count: number) =>
      count === 0
        ? 'No request waits for you'
        : count === 1
          ? '1 request waits for your answer'
          : `${count} requests wait for your answer`,
    none: () =>
      'When an agency asks to see a paper, the request appears here and you are told. Silence is not consent.',
    line: (count: number, procedure: string) => `Asks to see ${papers(count)} for the procedure ${procedure}`,
    due: (due: string) => `Answer by ${due}`,
    open: 'Look and answer',
    answered: 'Answered',
    expired: 'Expired, nobody could see anything',
    outcome: (allowed: number, refused: number) => `${allowed} allowed, ${refused} refused`,
    grants: () => 'What you allow now',
  },
  ask: {
    back: 'Requests',
    title: (count: number) =>
      count === 1 ? 'May this paper be seen?' : `May these ${count} papers be seen?`,
    lead: () => 'You choose for each paper. Nothing is chosen beforehand.',
    who: 'Who asks',
    officer: (officer: string, office: string) => `Received by ${officer}, ${office}`,
    procedure: 'For the procedure',
    dossier: (code: string) => `Dossier ${code}`,
    whyFull: 'Why the whole paper',
    until: 'May be seen until',
    untilText: 'The dossier is settled, at the latest',
    closes: 'Then it closes by itself.',
    item: (index: number, total: number) => `Paper ${index} of ${total}`,
    optional: ', not required',
    sensitive: ', sensitive data',
    why: 'Why it is needed:',
    see: 'They will see',
    minimum: '(the minimum)',
    full: '(everything)',
    notSee: 'They will not see',
    ifRefused: () => 'If you refuse:',
    answer: (index: number) => `Your answer for paper ${index}`,
    allow: 'Allow',
    refuse: 'Refuse',
    unanswered: (index: number, title: string) =>
      `No answer yet for paper ${index}: ${title}. Choose Allow or Refuse.`,
    rights: () => 'Your rights',
    right: (): readonly (readonly [string, string])[] => [
      ['You may refuse.', 'You then hand in paper. Nobody may make it hard for you.'],
      ['You may change your mind at any time,', 'under “Requests” or at any one-stop desk.'],
      ['Every look is written down', 'and you are told.'],
      ['Ask when something is not right.', 'The agency must answer within 2 working days.'],
    ],
    review: 'Check before sending',
    print: 'Print this request',
    help: 'I do not understand, I need somebody to help',
  },
  check: {
    title: 'Check before sending',
    lead: (agency: string) =>
      `Nothing has been sent. ${agency} learns your answer only after you press send.`,
    change: 'Change',
    nothing: 'They see nothing',
    send: 'Send my answer',
  },
  sent: {
    title: 'Your answer has been sent',
    receipt: (code: string, at: string) => `Receipt ${code}, at ${at}.`,
    next: 'What happens next',
    allowed: (agency: string, until: string) =>
      `${agency} can see the papers you allowed, until ${until} at the latest.`,
    refusedNext: () => 'For papers you refused, hand in paper or ask the officer who received the dossier.',
    log: () => 'Every look appears under “Who looked”, and you are told.',
    withdraw: 'If you change your mind, withdraw under',
    answers: 'Your answers',
    print: 'Print the receipt',
  },
  grants: {
    title: () => 'What you allow now',
    none: () => 'Nobody may see your papers now, except where the law allows it.',
    lead: () => 'Withdrawal takes effect with the next look. Past looks stay in your log.',
    for: 'For the procedure',
    until: 'At the latest until',
    given: 'Allowed at',
    seen: (times: number) =>
      times === 0 ? 'Not looked at yet' : times === 1 ? 'Looked at once' : `Looked at ${times} times`,
    withdraw: 'Withdraw',
  },
  withdraw: {
    title: (agency: string) => `Withdraw the access of ${agency}?`,
    what: (title: string) => `They will no longer be able to open “${title}”.`,
    effect: () =>
      'If the dossier is not settled, you may have to hand in paper. What was used before now stays valid.',
    yes: 'Withdraw the access',
    no: 'Keep it',
  },
} satisfies typeof vi;
