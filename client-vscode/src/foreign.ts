// Text of agents, specs and repositories in the editor's own controls, which make icons and links of some of it.

/** Beside an icon, or in a title: no icon is made of `$(…)`, nor a link of `[…](…)`. */
export function label(text: string): string {
  return text.replaceAll("$(", "$ (").replaceAll("](", "] (").replaceAll(/\s+/g, " ");
}

/** A sentence below an input, where editors render links, and may render one that runs a command. */
export function sentence(text: string): string {
  return text.replaceAll("](", "] (");
}
