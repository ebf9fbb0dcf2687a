package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.AuditedStage;
import dev.modelflow.domain.StageKind;
import dev.modelflow.text.Json;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a released model talks.
 *
 * @param model the folder of one that has learnt a format that is known here: the template that an
 *     import took over and every stage has followed since, else the flow's own; null: it has learnt
 *     none
 */
record Chats(@Nullable Path model) {
  /** The model has learnt no format that is known here. */
  static final Chats NONE = new Chats(null);

  /** The stages that write conversations. */
  private static final Set<StageKind> TUNING = Set.of(StageKind.SFT, StageKind.DPO, StageKind.RLVR);

  /**
   * A model from elsewhere knows the flow's format once a stage has tuned it to that; one that the
   * flow has pretrained knows no other.
   *
   * @param audit of the model
   */
  static Chats of(Path checkpoint, ArtifactAudit audit) {
    Set<String> kinds = audit.chain().stream().map(AuditedStage::kind).collect(Collectors.toSet());
    boolean tuned = TUNING.stream().map(StageKind::word).anyMatch(kinds::contains);
    boolean knows =
        tuned || ModelCard.imports(audit).isEmpty() || TemplateFile.read(checkpoint).isPresent();
    return knows ? new Chats(checkpoint) : NONE;
  }

  /** Writes what a release says of its tokenizer and template; a file of the latter as it is. */
  void write(int context, Path release) throws IOException {
    Json.write(
        release.resolve(TokenizerConfig.FILE),
        model == null ? TokenizerConfig.of(context) : TokenizerConfig.of(context, model));
    if (model != null && Files.exists(model.resolve(TemplateFile.NAME))) {
      Files.copy(model.resolve(TemplateFile.NAME), release.resolve(TemplateFile.NAME));
    }
  }
}
