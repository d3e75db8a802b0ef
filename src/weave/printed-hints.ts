import type { Place } from './weaving-problem';

const OF_APP = new WeakMap<object, PrintedHints>();

/**
 * The hints that an app has written to standard error. A chart may have a thousand equal pods: a hint is printed for
 * the first workload, and a second line mentions that it applies to others.
 */
export class PrintedHints {
  public static of(app: object): PrintedHints {
    const printed = OF_APP.get(app) ?? new PrintedHints();
    OF_APP.set(app, printed);
    return printed;
  }

  /** The workload that each hint was printed for, or undefined after the line about other workloads. */
  private readonly firstOf = new Map<string, string | undefined>();
  private readonly skipped = new Set<string>();

  private constructor() {}

  /** @param hint a text that begins with its id */
  public hint(construct: string, hint: string, workload: () => string): void {
    const key = `${construct}: ${hint}`;
    const id = hint.slice(0, hint.indexOf(':'));
    if (!this.firstOf.has(key)) {
      const first = workload();
      this.firstOf.set(key, first);
      print(`${construct}: ${first}: ${hint}; accept this with acknowledge: ['${id}']`);
      return;
    }
    const first = this.firstOf.get(key);
    if (first === undefined || first === workload()) return;
    this.firstOf.set(key, undefined);
    print(`${construct}: ${id} holds for other workloads too; attachments lists them`);
  }

  /** Prints each workload that stays unchanged. */
  public skip({ construct, workload }: Place, reason: string): void {
    const line = `${construct}: ${workload}: ${reason}`;
    if (this.skipped.has(line)) return;
    this.skipped.add(line);
    print(line);
  }
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}
