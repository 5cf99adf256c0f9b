/** Pages that look scanned or photographed, as benches and tests share them. */
export {
  A4,
  birthCertificate,
  type DrawOptions,
  drawPage,
  grain,
  type PaperLine,
  photograph,
  random,
  scanPage,
} from '../../scripts/bench/support/page-maker.ts';
