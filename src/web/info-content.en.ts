/** English words of the pages behind the footer. */
import type { vi } from './info-content.vi.ts';

export const en = {
  help: {
    title: 'Help',
    sections: [
      {
        title: 'See and download papers',
        text: [
          'Sign in, open “Papers”, choose one. Its page offers download, a QR code to share and a converted print.',
          'A red ring with a 1 means that an agency stands behind the paper. A dashed ring means that its owner uploaded it and nobody has compared it.',
        ],
      },
      {
        title: 'An agency asks to see a paper',
        text: [
          'The request appears under “Requests”. You answer for each paper. Until you answer, they see nothing.',
          'To change your mind, open “Requests”, “What you allow now”, and withdraw.',
        ],
      },
      {
        title: 'Who looked',
        text: ['“Who looked” lists every look, refused ones too. Each carries a link to ask or complain.'],
      },
      {
        title: 'A paper is wrong',
        text: [
          'Open it and choose “Something wrong? Ask for a correction”. The agency that keeps the register corrects it there, and the vault receives the new version. The old one is kept and marked as superseded.',
        ],
      },
      {
        title: 'Without phone or computer',
        text: [
          'Take the identity card to any one-stop desk. An officer does it with you and prints a slip that says what was done. Nobody may ask for your password.',
        ],
      },
    ],
  },
  privacy: {
    title: 'Protection of personal data',
    sections: [
      {
        title: 'What the vault keeps',
        text: [
          'Papers that agencies issued or digitised, papers you uploaded, and what describes them: kind, number, date, issuer, term.',
          'A log of every look: who, when, for which procedure; never the content of a paper.',
        ],
      },
      {
        title: 'Who can see it',
        text: [
          'The owner and recorded representatives. An agency only when the owner allows it for one dossier, or when an article of law allows it. Both are logged.',
          'Whoever holds the code printed on a paper sees whether it is valid, with name and number partly hidden.',
        ],
      },
      {
        title: 'Rights of the owner',
        text: [
          'To know who looked, to allow or refuse each paper, to withdraw, to have it corrected, to download one’s data, to complain.',
          'Requests are acknowledged within 2 working days. A withdrawal takes effect with the next look.',
          'Revoked or expired papers are not deleted: the law wants them kept for reference.',
        ],
      },
      {
        title: 'Cookies of this site',
        text: [
          'One cookie holds the session, one remembers the language. No tracking cookies, nothing loaded from elsewhere.',
        ],
      },
    ],
  },
  accessibility: {
    title: 'Accessibility',
    sections: [
      {
        title: 'The aim',
        text: [
          'The pages follow WCAG 2.2 level AA: usable by keyboard, without JavaScript, at 400 % without sideways scrolling, light and dark, with no meaning in colour alone.',
        ],
      },
      {
        title: 'How it was checked',
        text: [
          'Every page in every state is checked automatically with axe and in a real browser. Automatic checks find only a part; no trial with users of screen readers and people over 60 has been held yet.',
        ],
      },
      {
        title: 'If something is hard to use',
        text: [
          'Tell the authority that runs the vault, or an officer at the one-stop desk. Until it is mended, an officer does it with you.',
        ],
      },
    ],
  },
  offices: {
    title: 'One-stop desks',
    lead: 'Every desk receives you, wherever you live. Bring the identity card.',
    none: 'The vault has no list of addresses yet. Go to the nearest commune office.',
    columns: { name: 'Desk', address: 'Address', hours: 'Hours' },
  },
  welcome: {
    title: 'Hand it in once, use it many times',
    lead: 'The vault keeps digitally signed copies of papers. Later procedures take them from the vault when their owner agrees, instead of asking again.',
    own: 'I want to see my papers',
    ownText: 'Sign in to see papers, answer requests and learn who looked.',
    signIn: 'Sign in',
    verify: 'I want to check a paper',
    verifyText: 'No sign-in needed. Enter the printed code or give the PDF file.',
    verifyLink: 'Check a paper',
    desk: 'I need somebody to help',
    deskText: 'Officers at any one-stop desk can help.',
    deskLink: 'Find the nearest',
  },
} satisfies typeof vi;
