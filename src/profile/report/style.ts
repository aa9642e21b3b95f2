/** The only style of a report: no fonts, no pictures, nothing from elsewhere. Contrast of text is 4.5 : 1 or more in both schemes. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#566273;--line:#dde2e9;--accent:#2563a8;--track:#e8ecf1;--warn:#9a3412;--warnbg:#fdf0e6;--note:#7a5500;--notebg:#fbf5df;--info:#31547d;--infobg:#e9f0f8;--blank:#d99a2b;--null:#b9c2ce}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2029;--ink:#e4e9f0;--soft:#9fadbf;--line:#2f3947;--accent:#6aa9ec;--track:#2a3340;--warn:#ffb68a;--warnbg:#3a2418;--note:#ecc969;--notebg:#332b14;--info:#a6c8ee;--infobg:#1c2c40;--blank:#c98f2f;--null:#566373}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header{max-width:1180px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:19px;margin:32px 0 12px}
h3{font-size:16px;margin:0;overflow-wrap:anywhere}
h4{font-size:12px;font-weight:600;color:var(--soft);margin:14px 0 4px}
p{margin:6px 0}
.soft,caption,small{color:var(--soft)}
a{color:var(--accent);text-decoration:none}a:hover,a:focus{text-decoration:underline}
.facts{display:flex;flex-wrap:wrap;gap:10px;margin:18px 0;padding:0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 16px;min-width:110px}
.facts b{display:block;font-size:19px;font-weight:650;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{text-align:left;padding:8px 12px;font-size:13px}
th,td{padding:5px 12px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
th{font-weight:600;color:var(--soft);font-size:12px}
.r{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody th{color:var(--ink);font-size:14px;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,360px),1fr));gap:14px;align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;break-inside:avoid}
.card header{padding:0;margin:0 0 8px;display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline}
.card code,.top code{font-size:12.5px}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.card table{font-size:13px;table-layout:fixed}
.card th,.card td{padding:2px 0;border:0}
.card td.r{width:44%}
dl{display:grid;grid-template-columns:auto 1fr;gap:1px 14px;margin:8px 0;font-size:13.5px}
dt{color:var(--soft)}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.fill{display:flex;height:8px;border-radius:4px;overflow:hidden;background:var(--track);min-width:80px}
td .fill{margin-top:7px}
.fill i{display:block}.fill .v{background:var(--accent)}.fill .e{background:var(--blank)}.fill .n{background:var(--null)}
.bar{display:inline-block;width:45%;height:7px;margin-right:8px;border-radius:3px;background:var(--track);overflow:hidden;vertical-align:1px}
.bar i{display:block;height:100%;background:var(--accent)}
.hist{display:block;width:100%;height:64px;border-bottom:1px solid var(--soft)}.hist path{fill:var(--accent)}
.strip{display:block;width:100%;margin-top:8px}.strip .l{stroke:var(--soft);fill:none}.strip .q{fill:var(--track);stroke:var(--accent)}.strip .m{stroke:var(--accent);stroke-width:2.5}
.ends span:nth-child(2):not(:last-child){text-align:center}.ends span:last-child{text-align:right}.ends{line-height:1.35;margin-top:2px;display:flex;justify-content:space-between;gap:10px;font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums}
.finds{list-style:none;margin:8px 0;padding:0;display:grid;gap:4px}
.f{border-radius:6px;padding:3px 9px;font-size:13px;overflow-wrap:anywhere}
.warning{background:var(--warnbg);color:var(--warn)}.notice{background:var(--notebg);color:var(--note)}.info{background:var(--infobg);color:var(--info)}
.f b{font-weight:650}
.key{display:flex;gap:14px;flex-wrap:wrap;font-size:13px;color:var(--soft);margin:8px 0}.key i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
.key .v{background:var(--accent)}.key .e{background:var(--blank)}.key .n{background:var(--null)}
details.table{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:12px 0;padding:0 16px}
details.table[open]{padding-bottom:16px;background:none}
details.table>summary{padding:12px 0}
summary{cursor:pointer;overflow-wrap:anywhere}
details.more{font-size:13px;margin:8px 0}details.more summary{color:var(--soft)}
footer{max-width:1180px;margin:32px auto;padding:12px 20px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
@media print{:root{--bg:#fff}body{font-size:11px}.cards{grid-template-columns:1fr 1fr}.facts li,.card{border-color:#bbb}.fill i,.bar i,.f{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit}}
`.trim();
