/** The look of Tidepool's own pages: the tokens that they use, and one column. In each page itself, allowed by its hash. */
import { createHash } from 'node:crypto';

export const style = `
:root{color-scheme:light dark;
--canvas:light-dark(oklch(0.98 0.004 225),oklch(0.168 0.014 235));--surface:light-dark(oklch(1 0 0),oklch(0.203 0.016 235));
--sunken:light-dark(oklch(0.958 0.007 225),oklch(0.145 0.013 235));--line:light-dark(oklch(0.908 0.009 225),oklch(0.298 0.018 235));
--line-2:light-dark(oklch(0.835 0.013 226),oklch(0.385 0.02 233));--text:light-dark(oklch(0.235 0.022 235),oklch(0.945 0.006 225));
--text-2:light-dark(oklch(0.415 0.022 232),oklch(0.79 0.013 228));--text-3:light-dark(oklch(0.5 0.02 230),oklch(0.685 0.016 230));
--accent:light-dark(oklch(0.49 0.086 225),oklch(0.79 0.105 212));--accent-hover:light-dark(oklch(0.425 0.075 226),oklch(0.85 0.095 210));
--on-accent:light-dark(oklch(0.99 0.005 220),oklch(0.18 0.03 230));--running:light-dark(oklch(0.515 0.122 155),oklch(0.78 0.145 158));
--stopping:light-dark(oklch(0.535 0.108 68),oklch(0.8 0.12 78));--error:light-dark(oklch(0.515 0.18 27),oklch(0.755 0.135 25));
--deleting:light-dark(oklch(0.5 0.075 20),oklch(0.71 0.06 20));
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;--mono:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--canvas);color:var(--text);font:400 0.9375rem/1.5 var(--sans)}
header{display:flex;align-items:center;gap:.5rem;height:3rem;padding:0 clamp(.875rem,2.6vw,2rem);font-weight:600;background:var(--surface);border-bottom:1px solid var(--line)}
header svg{width:20px;height:20px;color:var(--accent)}
main{max-width:40rem;margin:clamp(1.5rem,10vh,7rem) auto 2rem;padding:0 clamp(.875rem,2.6vw,2rem)}
h1{display:flex;align-items:center;gap:.625rem;margin:0 0 .75rem;font-size:1.3125rem;line-height:1.25;font-weight:600;overflow-wrap:anywhere}
p,ol,dl,pre{margin:0 0 1rem}
p{color:var(--text-2);max-width:34rem}
code,pre,.mono{font-family:var(--mono);font-size:.875em}
pre{padding:.75rem;background:var(--sunken);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.shape{flex:none;width:20px;height:20px;line-height:0}
.running{color:var(--running)}.busy{color:var(--accent);animation:turn .9s linear infinite}.stopped{color:var(--text-3)}
.stopping{color:var(--stopping)}.error{color:var(--error)}.deleting{color:var(--deleting)}
.steps{padding:0;list-style:none;border:1px solid var(--line);border-radius:10px;background:var(--surface);max-width:28rem}
.steps li{display:flex;justify-content:space-between;gap:1rem;padding:.5rem .875rem;border-top:1px solid var(--line)}
.steps li:first-child{border-top:0}.steps .now{color:var(--accent);font-weight:500}.steps .next{color:var(--text-3)}
.steps .time{font-family:var(--mono);font-size:.8125rem;font-variant-numeric:tabular-nums;color:var(--text-3)}
.actions{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1.5rem}
.button{display:inline-flex;align-items:center;min-height:2.5rem;padding:0 .875rem;border:1px solid var(--line-2);border-radius:6px;color:var(--text);text-decoration:none;font-weight:500;background:var(--surface)}
.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}.primary:hover{background:var(--accent-hover)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.small{font-size:.8125rem;color:var(--text-3)}
@keyframes turn{to{transform:rotate(1turn)}}
@media (prefers-reduced-motion:reduce){.busy{animation:none}}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** `frameAncestors`: pages of the workspace origin may stand in the frame of an editor, those of the app origin in none. */
export function pageSecurityPolicy(frameAncestors: 'none' | 'self'): string {
  return `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors '${frameAncestors}'`;
}
