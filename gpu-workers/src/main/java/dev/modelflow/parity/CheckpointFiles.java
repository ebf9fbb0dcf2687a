package dev.modelflow.parity;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.objects.Digests;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Compares the files of two checkpoints. */
final class CheckpointFiles {
  private CheckpointFiles() {}

  /** The largest difference of two weights, as a share of its tensor's largest. */
  static double largestDifference(Path their, Path our) throws IOException {
    double most = 0;
    try (SafetensorsFile theirs = SafetensorsFile.open(their.resolve("model.safetensors"));
        SafetensorsFile ours = SafetensorsFile.open(our.resolve("model.safetensors"))) {
      for (Shape shape : ours.shapes()) {
        most = Math.max(most, largestDifference(shape, theirs, ours));
      }
    }
    return most;
  }

  private static double largestDifference(
      Shape tensor, SafetensorsFile theirs, SafetensorsFile ours) throws IOException {
    float[] a = Pieces.room(tensor.size());
    float[] b = Pieces.room(tensor.size());
    double largest = 0;
    double difference = 0;
    for (Range piece : Pieces.of(tensor.size())) {
      int count = (int) piece.size();
      ours.read(tensor.name(), piece.from(), count, a);
      theirs.read(tensor.name(), piece.from(), count, b);
      for (int i = 0; i < count; i++) {
        largest = Math.max(largest, Math.abs(a[i]));
        difference = Math.max(difference, Math.abs(a[i] - b[i]));
      }
    }
    return difference / largest;
  }

  /**
   * Whether what is beside weights and moments is the same.
   *
   * @param most by which what a guard that skips steps remembers may differ
   */
  static boolean notesAreEqual(Path one, Path other, double most) throws IOException {
    ObjectNode mine = new CheckpointFolder(one).state();
    ObjectNode others = new CheckpointFolder(other).state();
    GuardState guard = GuardState.of(mine.path(GuardState.KEY));
    GuardState othersGuard = GuardState.of(others.path(GuardState.KEY));
    mine.remove(GuardState.KEY);
    others.remove(GuardState.KEY);
    return mine.equals(others)
        && guard.skipped() == othersGuard.skipped()
        && near(guard.losses(), othersGuard.losses(), most)
        && near(guard.gradientNorms(), othersGuard.gradientNorms(), most)
        && Stream.of("config.json", "tokenizer.json")
            .allMatch(name -> equal(one.resolve(name), other.resolve(name)));
  }

  private static boolean near(List<Double> some, List<Double> others, double most) {
    return some.size() == others.size()
        && IntStream.range(0, some.size())
            .allMatch(i -> Math.abs(some.get(i) - others.get(i)) <= most);
  }

  private static boolean equal(Path one, Path other) {
    try {
      return Files.mismatch(one, other) < 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /** Whether both are there and have the same bytes in all files. */
  static boolean areEqual(@Nullable Path one, @Nullable Path other) throws IOException {
    return one != null && other != null && digests(one).equals(digests(other));
  }

  private static Map<String, String> digests(Path checkpoint) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        digests.put(String.valueOf(file.getFileName()), Digests.of(file).hex());
      }
    }
    return digests;
  }
}
