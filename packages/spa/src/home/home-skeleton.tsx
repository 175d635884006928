/** Of the size of what comes, and shown only after a moment. */
export function HomeSkeleton() {
  return (
    <div className="skeleton" aria-hidden="true">
      <div className="panel gauge gauge-empty" />
      <div className="filters">
        <div className="skeleton-search" />
      </div>
      <div className="panel">
        {[9, 12, 8, 10, 7].map((width) => (
          <div className="skeleton-row" key={width}>
            <span style={{ inlineSize: `${width}rem` }} />
            <span style={{ inlineSize: '13rem' }} />
          </div>
        ))}
      </div>
    </div>
  );
}
