package dev.modelflow.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints that OLMo-core has saved: folders {@code stepN}, each whole once it has the state
 * of the trainer, the index of the tensors and, last, its own description.
 */
final class SavedSteps {
  private static final Pattern NAME = Pattern.compile("step(\\d{1,9})");
  private static final List<String> PARTS =
      List.of("train/rank0.pt", "model_and_optim/.metadata", ".metadata.json");

  /** A whole checkpoint. */
  record Saved(int step, Path folder) {}

  private final Path folder;
  private final int after;
  private final Set<Integer> known = new HashSet<>();

  /** Those after a step; what the trainer goes on from may lie there too. */
  SavedSteps(Path folder, int after) {
    this.folder = folder;
    this.after = after;
  }

  /** Those that have become whole since the last call, in the order of their steps. */
  List<Saved> next() throws IOException {
    List<Saved> fresh = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return fresh;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path each : all.toList()) {
        Matcher name = NAME.matcher(String.valueOf(each.getFileName()));
        int step = name.matches() ? Integer.parseInt(name.group(1)) : 0;
        if (step > after && isWhole(each) && known.add(step)) {
          fresh.add(new Saved(step, each));
        }
      }
    }
    fresh.sort(Comparator.comparingInt(Saved::step));
    return fresh;
  }

  private static boolean isWhole(Path checkpoint) {
    return PARTS.stream().allMatch(part -> Files.exists(checkpoint.resolve(part)));
  }
}
