/** The sections of one recovery card. */
export const CARD = `{{#each sections}}<h4>{{heading}}</h4><ul>
{{#each entries}}<li>{{text}}{{#if type}}<pre>{{#each type}}{{this}}
{{/each}}</pre>{{/if}}</li>
{{/each}}</ul>{{/each}}`;
