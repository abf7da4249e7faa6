"""The style sheet. Every rule is scoped to the class ``identigraph``, so that it changes nothing else in a notebook."""

from __future__ import annotations

COMPONENTS = """
.identigraph {
  color: var(--ink); font: 14px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums lining-nums; -webkit-text-size-adjust: 100%;
}
.identigraph .headline { font-size: 30px; line-height: 1.25; font-weight: 300; letter-spacing: -.01em; margin: 0; }
.identigraph .headline b { font-weight: 650; }
.identigraph .headline i { font-style: normal; color: var(--muted); padding: 0 .1em; }
.identigraph .lead { color: var(--muted); font-size: 16px; margin: 6px 0 0; }
.identigraph .tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 24px;
  margin: 32px 0 36px; padding: 0;
}
.identigraph .tiles div { border-top: 2px solid var(--accent); padding-top: 10px; }
.identigraph .tiles dt { color: var(--muted); font-size: 13px; font-weight: 400; }
.identigraph .tiles dd { margin: 0; font-size: 24px; line-height: 1.3; font-weight: 600; letter-spacing: -.01em; }
.identigraph .tiles dd + dd { font-size: 13px; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.identigraph .scroll { overflow-x: auto; }
.identigraph table { border-collapse: collapse; width: 100%; margin: 0; font-size: 13px; line-height: 1.45; }
.identigraph th, .identigraph td {
  text-align: left; vertical-align: baseline; font-weight: 400; padding: 5px 20px 5px 0; overflow-wrap: break-word;
}
.identigraph tr > :last-child { padding-right: 0; }
.identigraph thead th, .identigraph thead td {
  color: var(--muted); font-size: 12px; vertical-align: bottom;
  border-bottom: 1px solid var(--rule); overflow-wrap: normal;
}
.identigraph tbody tr + tr > * { border-top: 1px solid var(--faint); }
.identigraph .number { text-align: right; white-space: nowrap; width: 1%; }
.identigraph thead .number { white-space: normal; }
.identigraph thead th:first-child { white-space: nowrap; }
.identigraph td.bar, .identigraph td.muted { min-width: 130px; }
.identigraph td.meter { width: 50%; min-width: 80px; vertical-align: top; padding-top: 10px; }
.identigraph .stages td.bar { width: 30%; }
.identigraph .parts td.bar { width: 10%; min-width: 60px; }
.identigraph .parts .code { width: 45%; min-width: 220px; }
.identigraph .muted, .identigraph .muted th, .identigraph .muted td { color: var(--muted); }
.identigraph tbody .code {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 12px;
  white-space: pre-wrap; overflow-wrap: anywhere; min-width: 120px;
}
.identigraph caption, .identigraph .hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.identigraph svg { display: block; }
.identigraph svg.bar { width: 100%; height: 9px; fill: var(--accent); }
.identigraph svg.bar.soft, .identigraph .muted svg.bar { fill: var(--soft); }
.identigraph svg.bar.track { background: var(--faint); }
"""
"""What the page and the notebook share."""

PAGE = """
:root { color-scheme: light dark; }
.identigraph {
  --paper: #ffffff; --ink: #1d2126; --muted: #626870; --rule: #c9cdd2; --faint: #eceef0;
  --accent: #2f6690; --soft: #a9bfd0; --against: #c07a3e; --flag: #8a5210; --flagged: #fbf3e6;
  background: var(--paper); max-width: 1120px; margin: 0 auto; padding: 48px 32px 64px;
}
@media screen and (prefers-color-scheme: dark) {
  .identigraph {
    --paper: #15181c; --ink: #e4e6e8; --muted: #989fa8; --rule: #454b53; --faint: #262b31;
    --accent: #78aed6; --soft: #43596b; --against: #d9955a; --flag: #e8b878; --flagged: #2a2319;
  }
  html { background: #15181c; }
}
.identigraph h1 { font-size: 15px; font-weight: 600; margin: 0 0 14px; color: var(--accent); }
.identigraph h2 { font-size: 17px; line-height: 1.3; font-weight: 600; margin: 0; }
.identigraph h3 { font-size: 14px; font-weight: 600; margin: 0 0 12px; }
.identigraph * + h3 { margin-top: 36px; }
.identigraph .notes { background: var(--flagged); border-left: 3px solid var(--flag); }
.identigraph .notes { padding: 16px 20px; margin: 0 0 36px; }
.identigraph .notes h2 { font-size: 14px; color: var(--flag); }
.identigraph .notes ul { margin: 6px 0 0; padding-left: 18px; }
.identigraph .notes li { margin: 3px 0; overflow-wrap: anywhere; }
.identigraph section {
  display: grid; grid-template-columns: 200px minmax(0, 1fr); gap: 16px 40px;
  border-top: 1px solid var(--rule); padding: 28px 0 40px;
}
.identigraph .about { color: var(--muted); font-size: 13px; margin: 8px 0 0; }
.identigraph section p:only-child { margin-top: 2px; }
.identigraph .more { color: var(--muted); font-size: 13px; margin: 12px 0 0; }
.identigraph .heading th { padding-top: 22px; font-weight: 600; }
.identigraph .flag { color: var(--flag); font-weight: 600; }
.identigraph .overlap th:first-child { width: 1%; padding-right: 8px; }
.identigraph .overlap th[scope=row] { padding-top: 0; padding-bottom: 0; vertical-align: middle; }
.identigraph .overlap tbody tr + tr > * { border-top: 0; }
.identigraph .overlap thead th:first-child { padding-bottom: 0; }
.identigraph svg.dots { fill: var(--accent); stroke: var(--accent); stroke-width: 2; }
.identigraph svg.dots circle { stroke: none; }
.identigraph svg.dots .out { fill: var(--faint); }
.identigraph svg.labels { overflow: visible; fill: var(--ink); font-size: 12px; }
.identigraph td.muted { min-width: 130px; }
.identigraph td.meter { width: 56px; min-width: 56px; }
.identigraph .keys td.bar { width: 15%; }
.identigraph .keys th.code { width: 40%; }
.identigraph .keys .code { min-width: 200px; }
.identigraph .keys .number { min-width: 50px; }
.identigraph .cards { columns: 2 330px; column-gap: 40px; }
.identigraph .cards .scroll { break-inside: avoid; padding-bottom: 22px; }
.identigraph .cards caption { position: static; width: auto; height: auto; clip-path: none; text-align: left;
  font-weight: 600; padding-bottom: 4px; white-space: normal; }
.identigraph .cards thead { position: absolute; clip-path: inset(50%); }
.identigraph .cards tbody tr > * { border: 0; padding-top: 0; padding-bottom: 0; vertical-align: middle; }
.identigraph .cards td.bar { width: 48%; }
.identigraph svg.diverging { width: 100%; height: 21px; fill: var(--accent); }
.identigraph svg.against { fill: var(--against); }
.identigraph svg.diverging line { stroke: var(--rule); vector-effect: non-scaling-stroke; }
.identigraph svg.histogram { width: 100%; height: auto; fill: var(--accent); }
.identigraph svg.histogram text { fill: var(--muted); font-size: 12px; }
.identigraph svg.histogram line { stroke: var(--faint); }
.identigraph svg.histogram line.axis { stroke: var(--rule); }
.identigraph footer { border-top: 1px solid var(--rule); padding-top: 16px; color: var(--muted); font-size: 12px; }
@media (max-width: 820px) {
  .identigraph { padding: 28px 18px 40px; }
  .identigraph section { grid-template-columns: minmax(0, 1fr); }
  .identigraph .headline { font-size: 24px; }
}
@media print {
  .identigraph { padding: 0; max-width: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .identigraph section { grid-template-columns: minmax(0, 1fr); padding: 16px 0 20px; }
  .identigraph tr, .identigraph .tiles, .identigraph .notes { break-inside: avoid; }
  .identigraph h2, .identigraph h3 { break-after: avoid; }
  .identigraph .scroll { overflow: visible; }
  .identigraph table, .identigraph tbody .code { font-size: 11px; }
  .identigraph th, .identigraph td { padding-right: 12px; }
  .identigraph .keys .code, .identigraph tbody .code { min-width: 90px; }
  .identigraph .keys .number { min-width: 0; }
  .identigraph td.meter { width: 40px; min-width: 40px; }
  .identigraph td.muted { min-width: 100px; }
}
"""
"""What only the page needs: its colors by day and night, its layout, paper."""

NOTEBOOK = """
.identigraph {
  --ink: currentColor; --muted: color-mix(in srgb, currentColor 65%, transparent); --rule: rgb(128 128 128 / .45);
  --faint: rgb(128 128 128 / .18); --accent: #4a86b5; --soft: #4a86b5;
  max-width: 900px; padding: 8px 0;
}
.identigraph .headline { font-size: 22px; }
.identigraph .lead { font-size: 14px; }
.identigraph .tiles { margin: 20px 0; gap: 20px; grid-template-columns: repeat(auto-fit, minmax(125px, 1fr)); }
.identigraph .tiles dd { font-size: 19px; }
.identigraph table tr { background: none !important; }
"""
"""What only a notebook needs: colors that go with the page around it, and smaller letters."""
