/** A CSV file as it was handed in. */
export interface CsvFile {
  /** Where it is; its name alone where it came by another way than the disk. */
  path: string;
  /** What is in it, where it is not on the disk. */
  content?: Uint8Array;
  /** A label of the WHATWG encoding standard; UTF-8 where none was given. */
  encoding?: string;
  /** One character; a comma where none was given. */
  delimiter?: string;
}

/** Why one line was left out. Lines are counted as an editor does, from 1, the header being the first. */
export interface LineFault {
  line: number;
  /** The file's own name of the column; null where it is about the line as a whole. */
  column: string | null;
  problem: string;
  value: string | null;
}

/** Hears of each line that is left out, while the file is being read. */
export type FaultListener = (fault: LineFault) => void;

/** Hears now and then how far it has come: how many lines were read, how many orders were written or compared. */
export type ProgressListener = (
  count: number,
  of: "lines read" | "orders written" | "orders compared",
) => void;

/** What every import is told. */
export interface ImportRequest {
  organizationId: string;
  file: CsvFile;
  /** The file's column of each field; where it is empty, a column is taken by the field's own name. */
  map: ReadonlyMap<string, string>;
  /** Reads and compares, and writes nothing to the database. */
  dryRun: boolean;
  at: Date;
  onFault: FaultListener;
  onProgress: ProgressListener;
}

/**
 * The file as a whole cannot be used, for a reason that the person who has it can mend. Thrown from deep inside the
 * reading, and caught by whoever asked for the import.
 */
export class UnusableFile extends Error {
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
    this.name = "UnusableFile";
  }
}
