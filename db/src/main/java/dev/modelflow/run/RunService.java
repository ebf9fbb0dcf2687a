package dev.modelflow.run;

import dev.modelflow.domain.FlowCompiler;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.objects.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * The door to runs for people and other systems: REST, dashboard and command line all come through
 * here. Wrong requests throw {@link IllegalArgumentException} with what was wrong and what exists;
 * nothing is recorded then.
 */
public final class RunService {
  private static final String PROJECT = "default";

  private final Ledger ledger;
  private final Drafts drafts;
  private final Previews previews;

  /** Runs in {@code ledger}, of recipes that {@code compiler} understands. */
  public RunService(Ledger ledger, ObjectStore store, FlowCompiler compiler) {
    this.ledger = ledger;
    this.drafts = new Drafts(ledger, compiler);
    this.previews = new Previews(ledger, new Reuse(ledger, store));
  }

  /** What the request would reuse, continue and run; records nothing. */
  public RunPreview preview(RunRequest request) {
    return previews.of(drafts.of(request));
  }

  /** Records the run under its recipe's name; a dispatcher starts it. */
  public Run submit(RunRequest request, String actor) {
    return record(RunIds.next(), request, null, actor);
  }

  /**
   * Records the run; a dispatcher starts it.
   *
   * @param name what a person calls it
   */
  public Run submitNamed(String name, RunRequest request, String actor) {
    return record(RunIds.next(), request, name, actor);
  }

  /**
   * Records the run under an id that the caller chose; harmless when repeated.
   *
   * @param id from {@link RunIds}
   */
  public Run submit(String id, RunRequest request, String actor) {
    return record(id, request, null, actor);
  }

  private Run record(String id, RunRequest request, @Nullable String name, String actor) {
    Draft draft = drafts.of(request);
    return ledger
        .runs()
        .create(
            new NewRun(
                id,
                PROJECT,
                name == null ? draft.plan().name() : name,
                draft.plan(),
                draft.origin(),
                draft.overrides(),
                draft.starts(),
                actor));
  }

  /**
   * Asks a run to stop; its trainers write a last checkpoint. Returns false when it had ended or
   * was asked before.
   */
  public boolean cancel(String runId, String actor) {
    ledger.runs().get(runId);
    return ledger.runs().requestCancel(runId, actor);
  }
}
