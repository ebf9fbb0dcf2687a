package dev.modelflow.run;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Fingerprint;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import dev.modelflow.run.RunPreview.Action;
import dev.modelflow.run.RunPreview.StagePreview;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says for each stage of a draft whether an earlier result would stand in, by the same rules by
 * which the run itself decides later.
 */
final class Previews {
  private final Ledger ledger;
  private final Reuse reuse;

  Previews(Ledger ledger, Reuse reuse) {
    this.ledger = ledger;
    this.reuse = reuse;
  }

  RunPreview of(Draft draft) {
    return new Preview(draft).all();
  }

  /** One preview; asks for nothing twice. */
  private final class Preview {
    private final Draft draft;
    private final Map<String, Stage> standIns = new LinkedHashMap<>();
    private final Map<Long, Map<String, Digest>> outputs = new HashMap<>();

    Preview(Draft draft) {
      this.draft = draft;
    }

    RunPreview all() {
      List<StagePreview> stages = new ArrayList<>();
      for (StagePlan stage : draft.plan().stages()) {
        StageStart start =
            draft.starts().getOrDefault(stage.name(), new StageStart.ByFingerprint());
        Optional<Stage> standIn = standIn(stage, start);
        standIn.ifPresent(original -> standIns.put(stage.name(), original));
        stages.add(preview(stage, start, standIn));
      }
      String resolved = CanonicalJson.write(draft.plan().canonical());
      return new RunPreview(draft.plan().name(), resolved, draft.overrides(), stages);
    }

    private StagePreview preview(StagePlan stage, StageStart start, Optional<Stage> standIn) {
      if (standIn.isPresent()) {
        return preview(stage, Action.REUSE, standIn.get().runId(), null);
      }
      return start instanceof StageStart.FromCheckpoint(var checkpoint, long step)
          ? preview(stage, Action.CONTINUE, draft.origin().parentRun(), step)
          : preview(stage, Action.RUN, null, null);
    }

    private static StagePreview preview(
        StagePlan stage, Action action, @Nullable String run, @Nullable Long step) {
      return new StagePreview(stage.name(), stage.kind(), stage.pool(), action, run, step);
    }

    private Optional<Stage> standIn(StagePlan stage, StageStart start) {
      return switch (start) {
        case StageStart.Afresh() -> Optional.empty();
        case StageStart.Pinned(long original) ->
            ledger
                .stages()
                .worker(ledger.stages().get(original))
                .filter(reuse::whole)
                .or(() -> byFingerprint(stage, null));
        case StageStart.ByFingerprint() -> byFingerprint(stage, null);
        case StageStart.FromCheckpoint(var checkpoint, long step) ->
            byFingerprint(stage, checkpoint);
      };
    }

    private Optional<Stage> byFingerprint(StagePlan stage, @Nullable Digest start) {
      Map<String, Digest> inputs = new LinkedHashMap<>();
      for (Map.Entry<String, StageInput> input : stage.inputs().entrySet()) {
        Digest artifact = resolve(input.getValue());
        if (artifact == null) {
          return Optional.empty();
        }
        inputs.put(input.getKey(), artifact);
      }
      return ledger
          .workers()
          .codeVersion(stage.pool(), TrainerName.work(stage.kind(), stage.parameters()))
          .flatMap(
              version ->
                  reuse.find(
                      new Fingerprint(
                              stage.kind(),
                              stage.parameters(),
                              Fingerprint.modelOf(stage.kind(), draft.plan().model()),
                              stage.seed(),
                              inputs,
                              start,
                              version)
                          .digest()));
    }

    /** The artifact of an input; null while the stage that makes it would still have to run. */
    private @Nullable Digest resolve(StageInput input) {
      Stage maker = standIns.get(input.stage());
      if (maker == null) {
        return null;
      }
      Long step = input.step();
      if (step == null) {
        return outputs
            .computeIfAbsent(maker.id(), id -> ledger.stages().outputs(id))
            .get(input.output());
      }
      return ledger.stages().checkpoints(maker.id()).stream()
          .filter(checkpoint -> checkpoint.step() == step)
          .map(Checkpoint::artifact)
          .findFirst()
          .orElse(null);
    }
  }
}
