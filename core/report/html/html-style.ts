// The page's look: light and dark by the reader's own choice, readable on paper, with a contrast of at least 4.5 to 1.
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --panel: #f6f8fa; --line: #d0d7de;
  --link: #0550ae; --good: #116329; --bad: #a40e26; --warn: #7d4e00; --accent: #0969da; --good-fill: #2da44e;
  --critical: #a40e26; --high: #d1570a; --medium: #bf8700; --low: #57606a; --unknown: #8250df; --rest: #afb8c1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --paper: #0d1117; --panel: #161b22;
  --line: #3d444d; --link: #79c0ff; --good: #56d364; --bad: #ff8a80; --warn: #e3b341; --accent: #58a6ff;
  --good-fill: #3fb950; --critical: #ff6b6b; --high: #f0883e; --medium: #e3b341; --low: #9aa4af; --unknown: #bc8cff;
  --rest: #484f58; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
.over { margin: 0; color: var(--soft); font-size: .8rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
.decision { margin: 1.1rem 0 0; padding: .75rem 1.1rem; border: 1px solid var(--line); border-left: .4rem solid var(--soft);
  border-radius: 8px; background: var(--panel); }
.decision.t-good { border-left-color: var(--good-fill); } .decision.t-bad { border-left-color: var(--critical); }
.decision.t-warn { border-left-color: var(--medium); }
.words { font-size: 1.3rem; font-weight: 650; line-height: 1.3; margin: 0; } .t-good .words { color: var(--good); }
.t-bad .words { color: var(--bad); } .t-warn .words { color: var(--warn); }
dl { margin: 0; } dd { margin: 0; }
.numbers { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 1rem; }
.numbers > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; flex: 1 1 8rem; padding: .6rem 1rem; border: 1px solid var(--line); border-radius: 8px; }
.numbers dt { color: var(--soft); font-size: .88rem; } .numbers dd { font-size: 1.7rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
dd.t-good { color: var(--good); } dd.t-bad { color: var(--bad); } dd.t-warn { color: var(--warn); }
.facts { margin: .5rem 0; font-size: .92rem; } .facts > div { display: flex; flex-wrap: wrap; gap: 0 .75rem; padding: .1rem 0; }
.facts dt { color: var(--soft); min-width: 5.5rem; } .facts dd { flex: 1 1 14rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; display: inline; overflow-wrap: anywhere; }
h4 { font-size: .95rem; margin: 1.25rem 0 .4rem; }
p { margin: .4rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.nowrap, .nowrap code { white-space: nowrap; overflow-wrap: normal; }
code { font: .88em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; }
.soft { color: var(--soft); }
.lead { font-size: 1.05rem; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 2rem; padding: .05rem .6rem; font-size: .85rem;
  font-weight: 600; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; margin-top: 1rem; }
.card svg { max-width: 27rem; width: 100%; } .card .note { font-size: .85rem; margin: .5rem 0 0; }
.card.wide { grid-column: 1 / -1; } @media (min-width: 62rem) { .card.wide:nth-child(2) { grid-column: span 2; } }
.card.wide table thead th { background: none; }
.card { min-width: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; }
.card h2 { margin: 0 0 .6rem; border: 0; padding: 0; font-size: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 34rem; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding: .2rem 0 .3rem; font-size: .88rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem .5rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; overflow-wrap: anywhere; } thead th { color: var(--soft); font-size: .88rem; background: var(--panel); overflow-wrap: normal; }
tbody tr:last-child > * { border-bottom: 0; } tr.stops > :first-child { box-shadow: inset 3px 0 var(--critical); }
.tag { min-width: 7rem; } .texts { min-width: 14rem; overflow-wrap: anywhere; } .texts p { margin: 0; }
td.id, th.id { min-width: 10rem; overflow-wrap: anywhere; }
details.image { border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; background: var(--paper); }
details.image > summary::-webkit-details-marker { display: none; }
details.image > summary::before { content: "" / ""; width: .45rem; height: .45rem; border: solid var(--soft); border-width: 0 2px 2px 0;
  transform: translateY(-.1rem) rotate(-45deg); flex: none; } details.image[open] > summary::before { transform: translateY(-.2rem) rotate(45deg); }
details.image > summary:hover { background: var(--panel); border-radius: 8px; }
details.image > summary { padding: .6rem .9rem; cursor: pointer; display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; }
details.image[open] > summary { border-bottom: 1px solid var(--line); background: var(--panel); border-radius: 8px 8px 0 0; }
details.image > div { padding: .4rem .9rem 1rem; }
details.more > summary { cursor: pointer; margin: .8rem 0 .3rem; color: var(--soft); }
ul { margin: .3rem 0; padding-left: 1.2rem; }
svg { max-width: 100%; height: auto; display: block; } .scroll svg { max-width: none; }
svg text { fill: var(--ink); font: 12px system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
svg .soft { fill: var(--soft); }
svg .strong { font-weight: 650; }
.f-CRITICAL { fill: var(--critical); } .f-HIGH { fill: var(--high); } .f-MEDIUM { fill: var(--medium); }
.f-LOW { fill: var(--low); } .f-UNKNOWN { fill: var(--unknown); } .f-rest { fill: var(--rest); }
.f-step { fill: var(--accent); } .f-good { fill: var(--good-fill); }
.track { fill: none; stroke: var(--line); }
.l-bad { fill: none; stroke: var(--critical); stroke-width: 2; } .l-good { fill: none; stroke: var(--good-fill); stroke-width: 2; }
.p-bad { fill: var(--critical); } .p-good { fill: var(--good-fill); }
.box { fill: var(--panel); stroke: var(--line); } .box.good { stroke: var(--good); } .box.bad { stroke: var(--bad); stroke-width: 2; }
.box.warn { stroke: var(--warn); stroke-dasharray: 4 3; }
.edge { fill: none; stroke: var(--rest); stroke-width: 1.5; }
.sev { font-weight: 600; white-space: nowrap; }
.s-CRITICAL { color: var(--bad); } .s-HIGH { color: var(--bad); } .s-MEDIUM { color: var(--warn); } .s-LOW, .s-UNKNOWN { color: var(--soft); }
footer { margin: 3rem auto 2rem; color: var(--soft); font-size: .9rem; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --panel: #fff; --line: #999; --link: #000;
  --good: #0a5020; --bad: #8a0c20; --warn: #5a3a00; --accent: #0550ae; --good-fill: #2da44e; --critical: #a40e26;
  --high: #d1570a; --medium: #bf8700; --low: #57606a; --unknown: #8250df; --rest: #afb8c1; }
  body { font-size: 10pt; } .scroll { overflow: visible; } table { min-width: 0; } .scroll svg { max-width: 100%; } td.id, th.id { min-width: 0; } .skip { display: none; } .card, .decision, .numbers > div, tr { break-inside: avoid-page; }
  details.image > summary { break-after: avoid-page; } .numbers > div { flex-basis: 6rem; }
  details::details-content { content-visibility: visible; display: block; } thead { display: table-header-group; }
  a[href^="http"]::after { content: attr(href); display: block; font-size: .75em; font-weight: 400; overflow-wrap: anywhere; } }
`
