package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.engine.question.Asker;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.text.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The pairs of a dpo stage, made by this engine for trainers other than it: the same that it would
 * learn from itself.
 *
 * @param training to learn from; none when a stop was asked for
 * @param output the stage's output {@code preferences}
 */
public record StagePairs(List<Preference> training, Output output) {
  /** Copies the list. */
  public StagePairs {
    training = List.copyOf(training);
  }

  /** Has the weak checkpoint answer, and writes the pairs into the spec's output folder. */
  public static StagePairs make(StageSpec spec, StageEvents events) throws IOException {
    int wanted = spec.settings().integer("pairs", 1);
    int heldOut = spec.settings().integer("heldOutPairs", 0);
    List<Preference> all;
    try (Session session = new Session(fromItsBeginning(spec), events)) {
      Asker asker = session.asker();
      all = new PairMaker(session, asker, events).make(wanted + heldOut);
    }
    int training = trainingOf(all.size(), heldOut);
    Path folder = spec.output().resolve("preferences");
    write(folder, all.subList(0, training), all.subList(training, all.size()));
    Map<String, Object> properties =
        Map.of("pairs", training, "heldOutPairs", all.size() - training);
    return new StagePairs(
        all.subList(0, training), new Output(ArtifactKind.PREFERENCE_SET, folder, properties));
  }

  /** How many of so many pairs are learnt from, the rest being held out. */
  static int trainingOf(int pairs, int heldOut) {
    return Math.max(Math.min(1, pairs), pairs - heldOut);
  }

  /** Writes the files of a preference set. */
  static void write(Path folder, List<Preference> learnt, List<Preference> kept)
      throws IOException {
    Files.createDirectories(folder);
    JsonLines.writeAll(folder.resolve(Preference.FILE), learnt.stream());
    JsonLines.writeAll(folder.resolve(Preference.HELD_OUT_FILE), kept.stream());
  }

  /** The pairs do not hang on how far training is. */
  private static StageSpec fromItsBeginning(StageSpec spec) {
    return new StageSpec(
        spec.stage(),
        spec.kind(),
        spec.seed(),
        spec.model(),
        spec.settings(),
        spec.inputs(),
        null,
        spec.output(),
        spec.threads());
  }
}
