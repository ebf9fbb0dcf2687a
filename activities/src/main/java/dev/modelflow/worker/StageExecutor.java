package dev.modelflow.worker;

import dev.modelflow.domain.StageKind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Does the work of some kinds of stages; knows nothing of ledger, store or workflows. */
public interface StageExecutor {
  /** The kinds of stages that it can do. */
  Set<StageKind> kinds();

  /**
   * Version of the code that does the work of this kind; part of a stage's fingerprint, so that a
   * result is reused only as long as the same code would make it. See {@link CodeVersion}.
   */
  String codeVersion(StageKind kind);

  /**
   * What this executor can do, as workers say it in the ledger → version of the code that does it:
   * each of the {@link #kinds}, and more where a stage may choose who does it.
   */
  default Map<String, String> codeVersions() {
    Map<String, String> versions = new TreeMap<>();
    kinds().forEach(kind -> versions.put(kind.word(), codeVersion(kind)));
    return versions;
  }

  /**
   * Does the stage's work from its beginning, or from {@link StageContext#resume()}. The same
   * context gives the same bytes.
   *
   * @return output name → what was made; the caller uploads and commits it
   * @throws StageFailedException when it cannot be done; says who can mend it
   * @throws StageStoppedException when it stopped because {@link StageContext#stopRequested()}
   * @throws InterruptedException when the thread was interrupted; counts as stopped
   * @throws Exception anything else counts as a failure of the platform
   */
  Map<String, StageOutput> execute(StageContext context) throws Exception;
}
