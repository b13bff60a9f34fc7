export interface FileInfo {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isDirectory: boolean;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
}

/** The controller's file system, as far as the stages need it. Missing files give undefined; other errors a Fault. */
export interface Files {
  /** At most `maxBytes`; a larger file is a Fault `document-unreadable`. */
  readText(path: string, maxBytes: number): Promise<string | undefined>;
  stat(path: string): Promise<FileInfo | undefined>;
  /** Names in a directory, sorted; undefined if there is none. */
  list(path: string): Promise<readonly string[] | undefined>;
  /** Whole file or nothing; parent directories are made. Fault `state-unwritable` when the disk refuses. */
  writeText(path: string, text: string, mode?: number): Promise<void>;
  /** Hashes in one pass; undefined if the file is missing. Lower-case hex. */
  hash(path: string): Promise<{ sizeBytes: number; sha512: string; md5: string } | undefined>;
}
