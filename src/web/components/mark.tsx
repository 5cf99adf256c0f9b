/**
 * The mark of the service and the provenance ring. Both are our own drawing: no emblem, no star, no agency's
 * name, so that neither passes for a seal. Neither is ever put on a downloaded or printed document.
 */

const one = 'M-4.6-4.9 1-9.2h2.4V7h3.1v2.7h-9.8V7h3.3V-4.9l-3.3 2.3z';

/** The red disc with the 1, 40 px, beside the name of the service. */
export function Mark() {
  return (
    <svg width="40" height="40" viewBox="-20 -20 40 40" aria-hidden="true" focusable="false">
      <circle r="20" fill="var(--seal)" />
      <circle r="16.5" fill="none" stroke="var(--gold)" stroke-width="1.5" />
      <path d={one} fill="#fff" />
    </svg>
  );
}

/**
 * The ring at the foot of a paper card: red with the 1 where an agency stands behind the copy, empty and
 * dashed where none does. Decoration; the word in “Nguồn” carries the meaning.
 */
export function ProvenanceRing({ vouched }: { vouched: boolean }) {
  return (
    <svg
      class={vouched ? 'stamp' : 'stamp none'}
      width="52"
      height="52"
      viewBox="-26 -26 52 52"
      aria-hidden="true"
      focusable="false"
    >
      {vouched ? (
        <g transform="rotate(-8)" fill="none" stroke="currentColor">
          <circle r="24.5" stroke-width="2" />
          <circle r="20.5" stroke-width="3" stroke-dasharray="1.3 1.3" opacity=".7" />
          <circle r="16.5" stroke-width="1.3" />
          <path d={one} fill="currentColor" stroke="none" />
        </g>
      ) : (
        <circle r="24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="3.5 2.5" />
      )}
    </svg>
  );
}
