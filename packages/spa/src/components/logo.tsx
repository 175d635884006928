/** The mark: a pool, seen from above, with the tide in it. The favicon is the same drawing. */
export function Logo() {
  return (
    <svg
      className="logo"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M4.2 2.5a6.9 6.9 0 1 0 7.6 0" strokeWidth="1.6" />
      <path d="M4.2 7.1c1.27-1.2 2.53-1.2 3.8 0s2.53 1.2 3.8 0" strokeWidth="1.5" />
      <path d="M5.3 10.7c.9-.85 1.8-.85 2.7 0s1.8.85 2.7 0" strokeWidth="1.5" />
    </svg>
  );
}
