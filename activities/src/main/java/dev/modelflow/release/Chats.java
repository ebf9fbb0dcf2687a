package dev.modelflow.release;

import dev.modelflow.audit.AuditedStage;
import dev.modelflow.domain.StageKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a released model has learnt the flow's chat format. */
final class Chats {
  /** The stages that write conversations. */
  private static final Set<StageKind> TUNING = Set.of(StageKind.SFT, StageKind.DPO, StageKind.RLVR);

  private Chats() {}

  /**
   * A model from elsewhere knows the flow's format once a stage has tuned it to that; one that the
   * flow has pretrained knows no other.
   *
   * @param chain of the model
   */
  static boolean areTheFlows(List<AuditedStage> chain) {
    Set<String> kinds = chain.stream().map(AuditedStage::kind).collect(Collectors.toSet());
    return !kinds.contains(StageKind.IMPORT.word())
        || TUNING.stream().map(StageKind::word).anyMatch(kinds::contains);
  }
}
