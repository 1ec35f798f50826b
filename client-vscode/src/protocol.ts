// What the server says beyond LSP; the same words as docs/protocol.md.

export type State = "waiting" | "running" | "review" | "accepted" | "rejected" | "cancelled" | "failed";

export type Outcome = "passed" | "failed" | "inconclusive" | "blocked" | "empty" | "stopped" | "error";

export type Reason =
  | "after"
  | "limit"
  | "review"
  | "budget"
  | "schedule"
  | "paused"
  | "rate"
  | "key"
  | "trust"
  | "sandbox";

/** The queue in figures; `spentToday` in USD, null when a price is unknown. */
export interface Status {
  readonly running: number;
  readonly waiting: number;
  readonly review: number;
  readonly failed: number;
  readonly spentToday: number | null;
  readonly paused: boolean;
}

/** A task as a list shows it. */
export interface TaskLine {
  readonly task: string;
  readonly title: string;
  readonly path: string;
  readonly line: number;
  readonly state: State;
  readonly outcome: Outcome | null;
  readonly reasons: readonly Reason[];
  readonly question: string | null;
  readonly base: string;
  readonly head: string | null;
}

/** Tasks, newest first. */
export interface TaskList {
  readonly tasks: readonly TaskLine[];
}

/** Some tasks by id. */
export interface TasksNamed {
  readonly tasks: readonly string[];
}

/** A text about a task, and the language that an editor should show it in. */
export interface Document {
  readonly text: string;
  readonly language: string;
}
