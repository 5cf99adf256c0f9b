/**
 * The printed conversion of an electronic paper (Luật Giao dịch điện tử 2023 Đ.12, NĐ 137/2024 Đ.4): QR code at the
 * top left, the words of conversion, the paper as it looks, then system, owner, converter and time, dossier, source,
 * validity and the address to check it at. It carries no ring and no mark of ours. A page of its own: no header.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';

export interface ConversionPageProps {
  readonly frame: web.Frame;
  /** The QR code as dark modules of a square grid, row by row. */
  readonly qr: { readonly size: number; readonly dark: (row: number, column: number) => boolean };
  /** Verification code in its printed form. */
  readonly code: string;
  readonly title: string;
  readonly picture: web.FacsimileProps['image'];
  readonly page: number;
  readonly pages: number;
  readonly system: string;
  readonly owner: string;
  readonly converter: { readonly name: string; readonly office?: string; readonly at: Date };
  readonly dossier?: string;
  readonly provenance: web.Provenance;
  readonly database?: string;
  readonly resultCode?: string;
  readonly validity: web.ValidityTerm;
  /** Where to check, without scheme: `kho.example/kiem-tra`. */
  readonly address: string;
  /** True where keys of a trial signed the paper: printed on each page. */
  readonly test?: boolean;
}

export function ConversionPage(props: ConversionPageProps) {
  const { frame, code, title, picture, validity } = props;
  const { language } = frame;
  const t = content[language].conversion;
  const source = web.provenanceWord(language, props.provenance, props.database);
  const converter = [props.converter.name, props.converter.office, web.formatInstant(props.converter.at)];
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>{`${t.title}: ${title}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="stylesheet" href={web.stylesheet.path} />
      </head>
      <body class="bare">
        <main class="conversion">
          <p class="no-print small">{t.print}</p>
          <header class="conversion-head">
            <QrCode qr={props.qr} label={t.qr} />
            <div>
              <h1>{t.words}</h1>
              <p>
                {t.scan} <b class="num">{code}</b> {t.at}
              </p>
              {props.test ? (
                <p>
                  <b>{t.test}</b>
                </p>
              ) : null}
            </div>
          </header>
          <web.Facsimile image={picture} />
          <web.SummaryList
            ruled
            rows={[
              { label: t.system, value: props.system },
              { label: t.owner, value: props.owner },
              { label: t.converter, value: converter.filter(Boolean).join(', ') },
              ...(props.dossier ? [{ label: t.dossier, value: props.dossier }] : []),
              { label: t.source, value: [source, props.resultCode].filter(Boolean).join(', ') },
              { label: t.validity, value: t.validityText(web.validityWords(validity, language)) },
            ]}
          />
          <p>{t.check(props.address, props.page, props.pages)}</p>
        </main>
      </body>
    </html>
  );
}

function QrCode({ qr, label }: { qr: ConversionPageProps['qr']; label: string }) {
  const cells = Array.from({ length: qr.size }, (_, row) =>
    Array.from({ length: qr.size }, (__, column) =>
      qr.dark(row, column) ? `M${column} ${row}h1v1h-1z` : '',
    ),
  );
  return (
    <svg
      class="qr"
      viewBox={`-1 -1 ${qr.size + 2} ${qr.size + 2}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path d={cells.flat().join('')} />
    </svg>
  );
}
