/** How much of something is taken: in words, with a bar for the eye. */
export interface MeterProps {
  readonly label: string;
  readonly words: string;
  /** From 0 to 1; null: no bar. */
  readonly share: number | null;
}

export function Meter({ label, words, share }: MeterProps) {
  return (
    <li>
      <span>{label}</span>
      <span className="mono">{words}</span>
      {share !== null && (
        <span className="meter" aria-hidden="true">
          <i style={{ inlineSize: `${share * 100}%` }} />
        </span>
      )}
    </li>
  );
}
