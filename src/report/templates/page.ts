/**
 * The page. Every value is escaped by Handlebars; there is no triple-stash in it but the style and the picture, which are
 * ours: the picture escapes what is written in it.
 */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{{title}}: {{verdict.kind}} – Nightshift report</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<p class="brand">Nightshift · report of a change{{#if how}} · {{how}}{{/if}}</p>
<h1>{{title}}</h1>
<p class="soft">{{summary}}</p>
<div class="verdict fill {{verdict.className}}"><span class="sign" aria-hidden="true">{{verdict.sign}}</span><div><strong>{{verdict.kind}}</strong><span class="text">{{verdict.headline}}</span></div><span class="exit">exit code {{verdict.exitCode}}</span></div>
<ul class="tiles">{{#each tiles}}<li class="fill {{className}}"><b>{{value}}</b><span aria-hidden="true">{{sign}}</span> {{name}}</li>{{/each}}</ul>
<dl class="facts card">{{#each facts}}<div{{#if code}} class="{{#if @last}}wide{{/if}}"{{/if}}><dt>{{name}}</dt><dd{{#if code}} class="code"{{/if}}>{{value}}</dd></div>{{/each}}</dl>
<p class="mini">{{zoneText}} {{strategy}}</p>
</header>
{{#if attention}}
<section aria-labelledby="attention"><h2 id="attention">What is left to do</h2>
<div class="scroll"><table><thead><tr><th scope="col">Unit</th><th scope="col">Standing</th><th scope="col">Why</th><th scope="col">Next action</th></tr></thead><tbody>
{{#each attention}}<tr><th scope="row" class="name"><a href="#{{anchor}}">{{unit}}</a></th><td class="tag {{className}}">{{sign}} {{standing}}</td><td>{{why}}</td><td>{{next}}</td></tr>
{{/each}}</tbody></table></div></section>
{{/if}}
{{#if charts}}
<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
{{> defs}}
{{#each charts}}{{> chart}}{{/each}}
</section>
{{/if}}
<section aria-labelledby="waves"><h2 id="waves">Waves</h2>
{{#if picture}}<figure class="scroll" style="margin:.6rem 0">{{{picture}}}</figure>{{/if}}
<div class="board">{{#each waves}}<div class="card"><span class="state {{className}}">{{state}}</span><h3>{{name}}</h3><p class="mini">{{times}}</p>
<ul class="chips">{{#each units}}<li><a class="fill {{className}}" href="#{{anchor}}" title="{{state}}">{{sign}} {{unit}}<span class="mini"> {{state}}</span></a></li>{{/each}}</ul>
{{#if together}}<p class="mini"><b>Down together, and why that is safe</b></p><ul class="plain mini">{{#each together}}<li>{{this}}</li>{{/each}}</ul>{{/if}}</div>
{{/each}}</div></section>
<section aria-labelledby="approval"><h2 id="approval">Approval and evidence</h2>
<p>{{approval}}</p>
{{#if decisions}}<div class="scroll"><table><thead><tr><th scope="col">Who</th><th scope="col">Decision</th><th scope="col">Reason</th><th scope="col">When</th><th scope="col">Signature</th></tr></thead><tbody>
{{#each decisions}}<tr><th scope="row">{{who}}</th><td class="{{className}}">{{decision}}{{#if notes}}<div class="mini">{{notes}}</div>{{/if}}</td><td>{{reason}}</td><td><time datetime="{{time.iso}}">{{time.text}}</time></td><td>{{signature}}</td></tr>
{{/each}}</tbody></table></div>{{else}}<p class="soft">No decision is recorded for this plan.</p>{{/if}}
<div class="card"><h3>Rehearsal</h3>{{#if rehearsal.has}}<p>{{rehearsal.text}}</p><dl class="facts">{{#each rehearsal.facts}}<div><dt>{{name}}</dt><dd class="code">{{value}}</dd></div>{{/each}}</dl>{{else}}<p class="soft">No rehearsal of this plan is recorded.</p>{{/if}}</div></section>
<section aria-labelledby="course"><h2 id="course">Course of the run</h2>
<div class="scroll"><table><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">Why</th></tr></thead><tbody>
{{#each interventions}}<tr><td><time datetime="{{time.iso}}">{{time.text}}</time></td><th scope="row">{{kind}}</th><td>{{by}}</td><td>{{why}}</td></tr>
{{/each}}</tbody></table></div></section>
{{#if notices}}<section aria-labelledby="notices"><h2 id="notices">Whom it told</h2>
<div class="scroll"><table><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Sent</th><th scope="col">Taken in hand by</th></tr></thead><tbody>
{{#each notices}}<tr><td><time datetime="{{time.iso}}">{{time.text}}</time></td><th scope="row">{{kind}}: {{what}}</th><td>{{#if deliveries}}<ul class="plain mini">{{#each deliveries}}<li>{{this}}</li>{{/each}}</ul>{{/if}}</td><td>{{said}}</td></tr>
{{/each}}</tbody></table></div></section>{{/if}}
<section aria-labelledby="units"><h2 id="units">Units</h2>
{{#each units}}{{> unit}}{{/each}}</section>
{{#if leftOut}}<section aria-labelledby="left-out"><h2 id="left-out">Left out of the plan</h2>
<div class="scroll"><table><thead><tr><th scope="col">Unit</th><th scope="col">Finding</th><th scope="col">Why</th></tr></thead><tbody>
{{#each leftOut}}<tr><th scope="row" class="name">{{unit}}</th><td>{{kind}}</td><td>{{why}}</td></tr>
{{/each}}</tbody></table></div></section>{{/if}}
<section aria-labelledby="closing"><h2 id="closing">Closing table</h2>
<div class="scroll"><table><thead><tr><th scope="col">Unit</th><th scope="col">Standing</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">Next action</th></tr></thead><tbody>
{{#each closing}}<tr><th scope="row" class="name"><a href="#{{anchor}}">{{unit}}</a></th><td class="tag {{className}}">{{sign}} {{standing}}</td><td>{{state}}</td><td>{{why}}</td><td>{{next}}</td></tr>
{{/each}}</tbody></table></div></section>
</main>
<footer><p>Made {{made}} from {{journal.records}} journal records; the last has hash <code>{{journal.lastHash}}</code>.</p></footer>
</body>
</html>
`;
