/**
 * The heading of a receipt of something that was given, however far it is with carrying it out by now. What each stage is called,
 * execution.spec tells.
 */
export function given(what: string): RegExp {
  const escaped = what.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(Recorded|Reserved|On (its|their) way|To be done by hand|Done): ${escaped}`);
}
