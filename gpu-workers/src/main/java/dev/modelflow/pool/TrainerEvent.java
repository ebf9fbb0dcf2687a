package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.ledger.Evaluation;
import dev.modelflow.ledger.Events;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a trainer says, see docs/trainer-contract.md. */
sealed interface TrainerEvent {
  record Started(long step, @Nullable Long totalSteps) implements TrainerEvent {}

  record Progress(long step, @Nullable Long totalSteps, @Nullable Double tokensPerSecond)
      implements TrainerEvent {}

  record Metrics(long step, Map<String, Double> values) implements TrainerEvent {}

  record Checkpoint(long step, long tokens, String path) implements TrainerEvent {}

  record Evaluated(Evaluation result) implements TrainerEvent {}

  record Log(Events.Level level, String message) implements TrainerEvent {}

  record Done(Map<String, Output> outputs) implements TrainerEvent {}

  record Stopped(long step) implements TrainerEvent {}

  record Failed(FailureClass failureClass, String message) implements TrainerEvent {}

  /** Something that this version of the contract does not know. */
  record Unknown(String text) implements TrainerEvent {}

  /** Standard output ended: the process is gone or as good as gone. */
  record End() implements TrainerEvent {}

  /**
   * One output that a trainer names when it is done.
   *
   * @param kind word of an artifact kind
   * @param path of its folder
   * @param properties part of the artifact's identity
   */
  record Output(String kind, String path, Map<String, String> properties) {}
}
