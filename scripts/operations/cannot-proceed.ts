/** A step cannot be done, for a reason that the person at the keyboard can mend; `advice` says how. */
export class CannotProceed extends Error {
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
    this.name = "CannotProceed";
  }
}
