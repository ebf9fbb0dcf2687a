package dev.modelflow.cli.view;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.recipe.PresetUse;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.StageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the stages of a recipe take from presets and what they change of them, as lines. */
public final class PresetLines {
  private PresetLines() {}

  /** One or two lines for each stage that names a preset. */
  public static List<String> render(Recipe recipe) {
    List<String> lines = new ArrayList<>();
    for (StageSpec stage : recipe.stages()) {
      PresetUse.of(stage).ifPresent(use -> lines.addAll(lines(stage, use)));
    }
    return lines;
  }

  private static List<String> lines(StageSpec stage, PresetUse use) {
    List<String> lines = new ArrayList<>();
    String start = stage.name() + ", preset " + use.preset() + ": ";
    if (!use.taken().isEmpty()) {
      lines.add(start + "takes " + keys(use.taken()));
    }
    if (!use.changed().isEmpty()) {
      lines.add(start + "has its own in the place of " + keys(use.changed()));
    }
    return lines;
  }

  private static String keys(Map<String, Object> keys) {
    return keys.entrySet().stream()
        .map(it -> it.getKey() + " " + CanonicalJson.write(it.getValue()).replace("\"", ""))
        .collect(Collectors.joining(", "));
  }
}
