/** The page's whole style: system fonts, light and dark by preference, and for paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#55606e;--line:#d8dde4;--head:#eef1f6;
--ok:#1c7a43;--ok-bg:#e3f4e9;--back:#8a5a00;--back-bg:#fcf0d6;--bad:#b3261e;--bad-bg:#fde8e6;--idle:#566172;--idle-bg:#eceff3;--go:#1d5fae;--go-bg:#e4effb;
--check:#8fa3bf;--stage:#5b9bd5;--drain:#e0a33e;--reload:#b94f1c;--verify:#3fa66b;--soak:#b9dcc6;--rollback:#b0489a;--wait:#d5dae1;--bar-ink:#10161d}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2028;--ink:#e6eaf0;--soft:#a3adba;--line:#323b47;--head:#222a34;
--ok:#6fd598;--ok-bg:#16331f;--back:#f0c060;--back-bg:#3a2c0c;--bad:#ff9a91;--bad-bg:#43191a;--idle:#b3bdca;--idle-bg:#2a323c;--go:#8dbdf5;--go-bg:#17304d;
--soak:#7fb795;--wait:#77828f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,footer{max-width:1140px;margin:0 auto;padding:24px 28px}
h1{font-size:1.75rem;line-height:1.2;margin:0}
h2{font-size:1.2rem;margin:2.4rem 0 .8rem;padding-bottom:.3rem;border-bottom:2px solid var(--line)}
h3{font-size:1rem;margin:0}h4{font-size:.92rem;margin:1.2rem 0 .4rem}
p{margin:.4rem 0}a{color:inherit;text-underline-offset:2px}
a:focus-visible,summary:focus-visible{outline:2px solid var(--go);outline-offset:2px}
.soft{color:var(--soft)}.brand{color:var(--soft);letter-spacing:.04em;font-size:.85rem;margin:0 0 .3rem}
code,pre,.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;overflow-wrap:anywhere}
.verdict{display:flex;gap:1rem;align-items:center;margin:1.2rem 0;padding:1rem 1.2rem;border-radius:10px;border-left:6px solid currentColor}
.verdict .sign{font-size:1.9rem;line-height:1;width:2rem;text-align:center}
.verdict strong{font-size:1.15rem;display:block}.verdict strong::first-letter{text-transform:uppercase}.verdict span.text{color:var(--ink)}
.verdict .exit{margin-left:auto;white-space:nowrap;color:var(--ink);font-size:.88rem}
.done,.passed{color:var(--ok)}.rolled-back,.check-failed,.partial{color:var(--back)}.needs-a-human,.needs-people,.failed,.reject{color:var(--bad)}
.not-started,.not-reached,.none{color:var(--idle)}.under-way,.running{color:var(--go)}
.fill.done{background:var(--ok-bg)}.fill.rolled-back,.fill.check-failed,.fill.partial{background:var(--back-bg)}
.fill.needs-a-human,.fill.needs-people{background:var(--bad-bg)}.fill.not-started,.fill.none{background:var(--idle-bg)}.fill.under-way,.fill.running{background:var(--go-bg)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:1rem 0;padding:0;list-style:none}
.tiles li{padding:.7rem 1rem;border-radius:10px}.tiles b{font-size:1.7rem;line-height:1.2;display:block}.tiles li.none{opacity:.85}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:.45rem 1.6rem;margin:1rem 0}
dl.facts div{display:flex;gap:.7rem;align-items:baseline}dl.facts dt{flex:0 0 6.2rem;color:var(--soft)}dl.facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
dl.facts div.wide{grid-column:1/-1}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;margin:.8rem 0}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;margin:.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;padding:.55rem .8rem;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.42rem .8rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{background:var(--head);border-top:0;white-space:nowrap;overflow-wrap:normal}tbody th{font-weight:600}th.name{white-space:nowrap}th .mini{font-weight:400}
td.num,td.time{white-space:nowrap;font-variant-numeric:tabular-nums}
.tag{white-space:nowrap;font-weight:600}.mini{font-size:.82rem;color:var(--soft)}
td ul,.plain{margin:0;padding:0;list-style:none}.gone::before{content:"− gone: ";font-weight:600}.gone{color:var(--bad)}.fresh::before{content:"+ new: ";font-weight:600}.fresh{color:var(--ok)}
.board{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:14px}.board .card{margin:0}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin:.6rem 0 .2rem;padding:0;list-style:none}
.chips a{display:block;padding:.18rem .6rem;border-radius:999px;text-decoration:none;font-size:.86rem;font-weight:600;border:1px solid currentColor}
.state{float:right;font-size:.82rem;font-weight:600}
svg{display:block;width:100%;min-width:760px;height:auto}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg .axis{fill:var(--soft);font-size:11px}svg .grid{stroke:var(--line);stroke-width:1}svg .stripe{fill:var(--head);opacity:.55}
svg .in{font-size:11px;fill:var(--bar-ink)}svg .break{fill:none;stroke:var(--soft);stroke-width:1.2}
svg .end{font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:3px}
svg .end.done{fill:var(--ok)}svg .end.rolled-back{fill:var(--back)}svg .end.needs-a-human{fill:var(--bad)}svg .end.not-started{fill:var(--idle)}svg .end.under-way{fill:var(--go)}
svg .window{fill:none;stroke:var(--ink);stroke-width:2}svg .deadline{fill:var(--bad);stroke:var(--card);stroke-width:1}
.b-check{fill:var(--check)}.b-stage{fill:var(--stage)}.b-drain{fill:var(--drain)}.b-reload{fill:var(--reload)}.b-verify{fill:var(--verify)}.b-soak{fill:var(--soak)}.b-rollback{fill:var(--rollback)}.b-wait{fill:var(--wait)}
svg .t-reload,svg .t-rollback{fill:#fff}svg .gap{fill:none;stroke:var(--card);stroke-width:5}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;padding:.5rem .9rem .8rem;margin:0;list-style:none;font-size:.84rem}.legend svg{display:inline-block;width:26px;min-width:0;height:13px;vertical-align:-2px;margin-right:6px}
details.unit{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:.7rem 0}
details.unit>summary{cursor:pointer;padding:.7rem 1.1rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;list-style-position:inside}
details.unit>summary h3{min-width:8rem}details.unit>summary .tag{margin-left:auto}
details.unit>summary::before{content:"▸";color:var(--soft)}details.unit[open]>summary::before{content:"▾"}details.unit>summary::-webkit-details-marker{display:none}details.unit>summary{list-style:none}
.body{padding:0 1.1rem 1rem}.body .scroll{border-radius:8px}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:0 1.6rem}
.path{display:flex;flex-wrap:wrap;gap:4px 0;margin:.3rem 0;padding:0;list-style:none;font-size:.86rem}.path li:not(:last-child)::after{content:"→";color:var(--soft);margin:0 .5rem}
details.log{margin:1rem 0 0}details.log>summary{cursor:pointer;font-weight:600}
.exchange{margin:.7rem 0;border-left:3px solid var(--line);padding-left:.8rem}.exchange p{margin:0}
pre{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:8;max-height:32rem;overflow:auto;background:var(--head);padding:.5rem .7rem;border-radius:6px}
footer{color:var(--soft);font-size:.85rem;border-top:1px solid var(--line);margin-top:2rem}
.keep{white-space:pre-line}
@page{size:A4;margin:14mm 12mm 16mm}
@media print{
:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--head:#f0f0f0;--ok:#14592f;--ok-bg:#e3f4e9;--back:#6b4500;--back-bg:#fcf0d6;--bad:#8f1d16;--bad-bg:#fde8e6;--idle:#444;--idle-bg:#eee;--go:#154a8a;--go-bg:#e4effb;--soak:#b9dcc6;--wait:#d5dae1}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:9.5pt}body{font-size:9.5pt}main,footer{max-width:none;padding:0}
h2,h3,h4,summary,caption{break-after:avoid}thead{display:table-header-group}tr,.board .card,.verdict,svg,.exchange>p{break-inside:avoid}
figure{break-inside:avoid}.scroll{overflow:visible}svg{min-width:0}pre{max-height:none;overflow:visible;font-size:7.5pt}
table{font-size:8pt}th .mini,td .mini,td.mini{font-size:7.5pt}.tag{white-space:normal}th,td{padding:.25rem .5rem}thead th{white-space:normal}
details.unit{break-before:auto;border:0;border-top:2px solid #000;border-radius:0}details.unit>summary{padding:.5rem 0}.body{padding:0 0 .6rem}
details.unit>summary::before{content:""}details::details-content{content-visibility:visible;height:auto;block-size:auto;display:block}
dl.facts{grid-template-columns:1fr 1fr}.two{grid-template-columns:1fr 1fr}.tiles{grid-template-columns:repeat(auto-fit,minmax(90px,1fr))}a{text-decoration:none}
}`;
