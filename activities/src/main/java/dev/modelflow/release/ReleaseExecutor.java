package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.worker.CodeVersion;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Does the stage {@code release}. */
public final class ReleaseExecutor implements StageExecutor {
  private static final Set<StageKind> KINDS = Set.of(StageKind.RELEASE);

  private final Function<Digest, ArtifactAudit> audits;

  /**
   * An executor.
   *
   * @param audits gives the audit of an artifact, e.g. {@code new Audits(ledger)::of}
   */
  public ReleaseExecutor(Function<Digest, ArtifactAudit> audits) {
    this.audits = audits;
  }

  @Override
  public Set<StageKind> kinds() {
    return KINDS;
  }

  @Override
  public String codeVersion(StageKind kind) {
    return CodeVersion.of(
        List.of(), ReleaseExecutor.class, Tokenizer.class, ModelFiles.class, ArtifactAudit.class);
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) {
    Manifest checkpoint = context.inputManifests().get("checkpoint");
    if (checkpoint == null) {
      throw new StageFailedException(
          FailureClass.RECIPE,
          "Stage '%s' has no checkpoint to release: name one with 'from'"
              .formatted(context.stage()));
    }
    return ReleaseStage.run(
        context.parameters(),
        context.input("checkpoint"),
        audits.apply(checkpoint.id()),
        context.workFolder());
  }
}
