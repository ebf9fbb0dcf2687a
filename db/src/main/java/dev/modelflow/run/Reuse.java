package dev.modelflow.run;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Fingerprint;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.ObjectStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks for committed results that may stand in for a stage's own. */
public final class Reuse {
  private final Ledger ledger;
  private final Predicate<Map<Digest, Long>> held;

  private Reuse(Ledger ledger, Predicate<Map<Digest, Long>> held) {
    this.ledger = ledger;
    this.held = held;
  }

  /** Looks in {@code ledger} and checks in {@code store}. */
  public Reuse(Ledger ledger, ObjectStore store) {
    this(ledger, store::holds);
  }

  /**
   * The same for a forecast, which people ask for again and again: what the store held a short
   * while ago counts as held.
   */
  static Reuse forecast(Ledger ledger, ObjectStore store) {
    return new Reuse(ledger, store::heldLately);
  }

  /**
   * The fingerprint of a stage of a run.
   *
   * @param inputs role → artifact
   * @param codeVersion of the code that would do its work
   */
  public static Digest fingerprint(
      Run run, Stage stage, Map<String, Digest> inputs, String codeVersion) {
    return new Fingerprint(
            stage.kind(),
            stage.parameters(),
            Fingerprint.modelOf(stage.kind(), run.model()),
            stage.seed(),
            inputs,
            stage.startCheckpoint(),
            codeVersion)
        .digest();
  }

  /** A committed stage with this fingerprint whose objects are all there. */
  public Optional<Stage> find(Digest fingerprint) {
    return ledger.stages().withFingerprint(fingerprint).stream().filter(this::whole).findFirst();
  }

  /** Whether a stage has outputs, and all objects of its outputs and checkpoints are there. */
  public boolean whole(Stage stage) {
    Map<Digest, Long> objects = ledger.stages().objects(stage.id());
    return !objects.isEmpty() && held.test(objects);
  }
}
