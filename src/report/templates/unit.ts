/** One unit: planned beside happened, then steps, checks, comparison and transcript. */
export const UNIT = `<details class="unit" id="{{anchor}}"{{#if open}} open{{/if}}><summary><h3>{{unit}}</h3><span class="soft">{{about}}</span><span>{{change}}</span><span class="tag {{className}}">{{sign}} {{state}}</span></summary>
<div class="body">
<div class="two"><div><h4>Planned</h4><dl class="facts">{{#each planned}}<div class="wide"><dt>{{name}}</dt><dd class="keep">{{value}}</dd></div>{{/each}}</dl></div>
<div><h4>Happened</h4><dl class="facts">{{#each happened}}<div class="wide"><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/each}}</dl></div></div>
{{#if card.title}}<details class="log" open><summary>Recovery card: {{card.title}}</summary>{{#with card}}{{> card}}{{/with}}</details>{{/if}}
{{#if path}}<h4>States ({{zone}})</h4><ol class="path">{{#each path}}<li><b>{{kind}}</b> <span class="mini">{{from}}{{#if took}}, {{took}}{{/if}}</span></li>{{/each}}</ol>{{/if}}
{{#each lists}}<div class="scroll"><table><caption>{{title}}</caption><thead><tr><th scope="col">Step</th><th scope="col">Outcome</th><th scope="col">Start</th><th scope="col">End</th><th scope="col">Took</th><th scope="col">Planned</th><th scope="col">Sent</th><th scope="col">Why</th></tr></thead><tbody>
{{#each steps}}<tr><th scope="row">{{title}}<div class="mini">{{id}}, {{phase}}{{#if disrupts}}, {{disrupts}}{{/if}}{{#if pointOfNoReturn}}, point of no return{{/if}}</div></th><td class="{{className}}">{{sign}} {{outcome}}</td><td class="time">{{start}}</td><td class="time">{{end}}</td><td class="time">{{took}}{{#if late}} (late){{/if}}</td><td>{{planned}}</td><td class="num">{{attempts}}×</td><td>{{why}}{{#if notes}}<ul class="mini">{{#each notes}}<li>{{time}} {{text}}</li>{{/each}}</ul>{{/if}}</td></tr>
{{/each}}</tbody></table></div>{{/each}}
{{#each checks}}<div class="scroll"><table><caption>{{caption}} <span class="mini"><time datetime="{{time.iso}}">{{time.text}}</time></span></caption><thead><tr><th scope="col">Check</th><th scope="col">Outcome</th><th scope="col">Why</th></tr></thead><tbody>
{{#each outcomes}}<tr><th scope="row">{{name}}</th><td class="tag {{className}}">{{sign}} {{kind}}</td><td>{{why}}</td></tr>
{{/each}}</tbody></table></div>{{/each}}
{{#if comparison.has}}<div class="scroll"><table><caption>{{comparison.caption}}</caption><thead><tr><th scope="col">Aspect</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">What changed</th></tr></thead><tbody>
{{#each comparison.aspects}}<tr><th scope="row">{{aspect}}</th><td>{{before}}</td><td{{#if worse}} class="failed"{{/if}}>{{after}}</td><td>{{#if same}}<span class="soft">the same</span>{{/if}}<ul>{{#each gone}}<li class="gone">{{this}}</li>{{/each}}{{#each fresh}}<li class="fresh">{{this}}</li>{{/each}}</ul></td></tr>
{{/each}}</tbody></table></div>{{#if comparison.note}}<p class="mini">{{comparison.note}}</p>{{/if}}{{/if}}
{{#if transcript.exchanges}}<details class="log"><summary>Transcript: {{transcript.exchanges}} exchanges</summary>{{#if transcript.note}}<p class="mini">{{transcript.note}}</p>{{/if}}
{{#each transcript.kept}}<div class="exchange"><p><span class="mini">{{time}}</span> <code>{{sent}}</code>{{#if odd}} <span class="tag failed">{{odd}}</span>{{/if}}</p>{{#if received}}<pre>{{received}}</pre>{{/if}}</div>
{{/each}}</details>{{else}}<p class="mini">No transcript: nothing was sent to it.</p>{{/if}}
</div></details>
`;
