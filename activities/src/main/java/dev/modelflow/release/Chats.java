package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.AuditedStage;
import dev.modelflow.domain.StageKind;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Json;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a released model talks.
 *
 * @param own the template that an import took over and every stage has followed since; null: none
 * @param flows whether the model has learnt the flow's own format
 */
record Chats(@Nullable Path own, boolean flows) {
  /** The model has learnt no format that is known here. */
  static final Chats NONE = new Chats(null, false);

  /** The stages that write conversations. */
  private static final Set<StageKind> TUNING = Set.of(StageKind.SFT, StageKind.DPO, StageKind.RLVR);

  /**
   * A model from elsewhere knows the flow's format once a stage has tuned it to that; one that the
   * flow has pretrained knows no other.
   *
   * @param audit of the model
   */
  static Chats of(Path checkpoint, ArtifactAudit audit) {
    if (TemplateFile.read(checkpoint).isPresent()) {
      return new Chats(checkpoint, false);
    }
    Set<String> kinds = audit.chain().stream().map(AuditedStage::kind).collect(Collectors.toSet());
    boolean tuned = TUNING.stream().map(StageKind::word).anyMatch(kinds::contains);
    return tuned || ModelCard.imports(audit).isEmpty() ? new Chats(null, true) : NONE;
  }

  /** Writes what a release says of its tokenizer and template; a file of the latter as it is. */
  void write(int context, Path release) throws IOException {
    Json.write(release.resolve(TokenizerConfig.FILE), tokenizerConfig(context));
    if (own != null && Files.exists(own.resolve(TemplateFile.NAME))) {
      Files.copy(own.resolve(TemplateFile.NAME), release.resolve(TemplateFile.NAME));
    }
  }

  private Map<String, @Nullable Object> tokenizerConfig(int context) {
    return own == null
        ? TokenizerConfig.of(context, flows ? ChatTemplate.JINJA : null)
        : TokenizerConfig.ofOwn(context, own);
  }
}
