/** Patterns that tell the bars apart without colour. */
export const DEFS = `<svg width="0" height="0" style="position:absolute;width:0;min-width:0;height:0" aria-hidden="true"><defs>
<pattern id="p-stage" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="#fff" stroke-opacity=".45" stroke-width="2"/></pattern>
<pattern id="p-drain" width="5" height="5" patternUnits="userSpaceOnUse"><circle cx="2.5" cy="2.5" r="1" fill="#fff" fill-opacity=".75"/></pattern>
<pattern id="p-reload" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 0L8 8M8 0L0 8" stroke="#000" stroke-opacity=".18" stroke-width="1.5"/></pattern>
<pattern id="p-soak" width="8" height="4" patternUnits="userSpaceOnUse"><path d="M0 2H8" stroke="#1c7a43" stroke-opacity=".35" stroke-width="1"/></pattern>
<pattern id="p-rollback" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path d="M0 0V6" stroke="#000" stroke-opacity=".3" stroke-width="2"/></pattern>
<pattern id="p-wait" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M3 0V6" stroke="#56617a" stroke-opacity=".3" stroke-width="1"/></pattern>
<pattern id="p-check" width="1" height="1" patternUnits="userSpaceOnUse"></pattern><pattern id="p-verify" width="1" height="1" patternUnits="userSpaceOnUse"></pattern>
</defs></svg>`;

export const CHART = `<figure class="scroll" style="margin:.6rem 0"><svg viewBox="0 0 {{width}} {{height}}" role="img" aria-label="{{caption}}: the same facts stand in the tables of each unit below">
{{#each rows}}<rect class="{{#if @odd}}{{else}}stripe{{/if}}" x="0" y="{{y}}" width="{{../width}}" height="26" fill="none"/>{{/each}}
{{#each ticks}}<path class="grid" d="M{{x}} {{../plotTop}}V{{../plotBottom}}"/><text class="axis" x="{{x}}" y="24" text-anchor="middle">{{label}}</text>{{/each}}
{{#each rows}}<text x="8" y="{{textY}}">{{unit}}</text>{{#each bars}}<g><title>{{title}}</title><rect class="b-{{kind}}" x="{{x}}" y="{{y}}" width="{{width}}" height="18" rx="2"/><rect fill="url(#p-{{kind}})" x="{{x}}" y="{{y}}" width="{{width}}" height="18" rx="2"/>{{#if label}}<text class="in t-{{kind}}" x="{{labelX}}" y="{{labelY}}" text-anchor="middle">{{label}}</text>{{/if}}</g>{{/each}}{{#each marks}}<path class="{{kind}}" d="{{path}}"><title>{{title}}</title></path>{{/each}}<text class="end {{end.className}}" x="{{end.x}}" y="{{textY}}">{{end.text}}</text>
{{/each}}{{#each breaks}}<path class="gap" d="{{path}}"/><path class="break" d="{{path}}"/><text class="axis" x="{{x}}" y="10" text-anchor="middle">{{label}}</text>{{/each}}</svg>
<figcaption><ul class="legend">{{#each @root.legend}}<li><svg viewBox="0 0 26 13" aria-hidden="true"><rect class="b-{{kind}}" width="26" height="13" rx="2"/><rect fill="url(#p-{{kind}})" width="26" height="13" rx="2"/></svg><b>{{kind}}</b> {{text}}</li>{{/each}}
<li><svg viewBox="0 0 26 13" aria-hidden="true"><path class="deadline" d="M13 0l5 6.5l-5 6.5l-5 -6.5z"/></svg>back-out deadline</li><li><svg viewBox="0 0 26 13" aria-hidden="true"><path class="window" d="M10 1H15V12H10"/></svg>end of the window</li>{{#if breaks}}<li><svg viewBox="0 0 26 13" aria-hidden="true"><path class="break" d="M11 0l4 4l-4 4l4 4"/></svg>quiet time, drawn short</li>{{/if}}</ul></figcaption></figure>`;
