/** English words of the pages on a citizen's own papers. */
import type { vi } from './content.vi.ts';

const papers = (count: number): string => (count === 1 ? '1 paper' : `${count} papers`);

export const en = {
  home: {
    title: 'My papers',
    number: 'Personal number',
    papersOf: (name: string) => `Papers of ${name}`,
    represented: () => 'You also look after the papers of',
    waiting: (count: number) =>
      count === 1 ? '1 request waits for your answer' : `${count} requests wait for your answer`,
    asks: (agency: string) => `${agency} asks to see`,
    papers,
    procedure: (name: string) => `for the procedure ${name}.`,
    nothingYet: (_you: string, due: string) => `Until you answer, they see nothing. Answer by ${due}.`,
    prepare: 'About to go to an office? See what to take along',
    answer: 'Look and answer',
    search: 'Search my papers',
    searchHint: 'Marks may be left out, for example: ket hon',
    find: 'Search',
    found: (count: number, query: string) => `${papers(count)} with “${query}”`,
    notFound: (query: string) => `No paper is called “${query}”`,
    notFoundHelp: 'Try fewer words, or look at all of them.',
    all: 'See all papers',
    ended: (count: number) => `Papers that have ended (${count})`,
    missing: () => 'Is a paper of yours not here?',
    uploadedOn: (_you: string, date: string) => `Uploaded by you on ${date}`,
    formerly: (name: string, former: string) => `${name} (formerly ${former})`,
    daysLeft: (days: number) =>
      days === 0 ? 'Expires today' : days === 1 ? '1 day left' : `${days} days left`,
    unverifiedNote: () =>
      'Not usable for procedures yet. Show the original at the one-stop desk to have it compared.',
    supersededNote: 'A newer version has replaced it.',
    emptyTitle: 'No papers in the vault yet',
    emptyText: (_you: string, ways: number) =>
      `This does not mean that you have no papers. No agency has put one into the vault yet. ${ways === 1 ? 'What you can do:' : `You have ${ways} ways:`}`,
    elsewhere: 'Search other databases',
    elsewhereText: 'Civil status, diplomas, insurance. Answers usually come within minutes.',
    elsewhereButton: 'Find my papers',
    bring: 'Bring the original to the one-stop desk',
    bringText: 'An officer photographs, compares and signs it on the spot.',
    bringLink: 'Find the nearest desk',
    upload: 'Photograph and upload it yourself',
    uploadText: 'So that it is not lost. Not usable for procedures until the original has been compared.',
    uploadLink: 'Upload a picture',
  },
  paper: {
    usable: 'Usable for procedures, no paper needed.',
    unusable: 'Not usable for procedures.',
    replacedBy: 'See its replacement',
    page: (page: number, last: number) => `Page ${page} of ${last}.`,
    pageAlt: (page: number, title: string) => `Picture of page ${page} of ${title}`,
    enlarge: 'Enlarge',
    checkedAt: (time: string, date: string) => `Checked at ${time}, ${date}.`,
    notChecked:
      'Many files are waiting to be checked. Reload this page in a minute to have this paper checked.',
    technical: 'Technical details',
    whatNow: () => 'What do you want to do?',
    download: (file: string) => `Download (${file})`,
    share: 'Share by QR code',
    print: 'Print a converted copy',
    correct: 'Something wrong? Ask for a correction',
    facts: 'Facts',
    source: 'Source',
    number: 'Number',
    issuedOn: 'Issued on',
    issuer: 'Issued by',
    keeper: 'Register now kept by',
    code: 'Digitisation code',
    validity: 'Valid',
    history: 'History',
  },
  upload: {
    title: 'Upload a paper yourself',
    lead: () =>
      'The vault keeps it for you. A paper you upload is not usable for procedures until the one-stop desk has compared it with the original.',
    name: 'What paper is it?',
    nameHint: 'As it is called on the paper, for example: Vocational certificate in garment making',
    file: 'Photograph or PDF file',
    fileHint: (size: string) => `At most ${size}. All four edges, enough light, every letter readable.`,
    send: 'Upload and keep in the vault',
    private: () => 'Only you can see it. No agency sees it unless you allow it.',
    fault: {
      noName: 'Not said yet what paper it is. Write what it is called on the paper.',
      noFile: 'No file chosen yet. Choose one PDF file, or photographs of the pages.',
      tooLarge: (size: string) =>
        `The file is larger than ${size}. Photograph at a lower resolution, or split it.`,
    },
  },
  remove: {
    title: 'Remove this uploaded paper?',
    forGood: () =>
      'It is removed for good: the vault keeps no copy and cannot bring it back. The paper you hold does not change.',
    remove: 'Remove for good',
    keep: 'Keep it',
    link: 'Remove this paper',
  },
} satisfies typeof vi;
