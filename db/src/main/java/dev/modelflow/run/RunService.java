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
  private final Ledger ledger;
  private final String project;
  private final Drafts drafts;
  private final Previews previews;

  /** Runs of {@code project} in {@code ledger}, of recipes that {@code compiler} understands. */
  public RunService(Ledger ledger, ObjectStore store, FlowCompiler compiler, String project) {
    this.ledger = ledger;
    this.project = project;
    this.drafts = new Drafts(ledger, compiler);
    this.previews = new Previews(ledger, Reuse.forecast(ledger, store));
  }

  /**
   * What the request would reuse, continue and run; records nothing. Objects that went missing
   * within the last minute may still count; the run itself looks again.
   */
  public RunPreview preview(RunRequest request) {
    return previews.of(drafts.of(request));
  }

  /** Records the run under its recipe's name; a dispatcher starts it. */
  public Run submit(RunRequest request, String actor) {
    return record(request, null, actor);
  }

  /**
   * Records the run; a dispatcher starts it.
   *
   * @param name what a person calls it
   */
  public Run submitNamed(String name, RunRequest request, String actor) {
    return record(request, name, actor);
  }

  private Run record(RunRequest request, @Nullable String name, String actor) {
    Draft draft = drafts.of(request);
    return ledger
        .runs()
        .create(
            new NewRun(
                RunIds.next(),
                project,
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
