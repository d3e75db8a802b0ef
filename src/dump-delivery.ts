/** How dumps get from the process to the store. */
export class DumpDelivery {
  /**
   * Dumps are written into the store itself: nothing is copied afterwards, but the process stands still until the store has taken
   * the whole dump.
   */
  public static direct(): DumpDelivery {
    return new DumpDelivery();
  }

  /** Tells it from anything else that is handed over. @internal */
  public readonly _direct = true;

  private constructor() {}
}
