package dev.modelflow.audit;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What entered a flow from outside: the entries of {@code sources}, and the files of imports. */
final class Sources {
  private final List<Map<String, @Nullable Object>> found = new ArrayList<>();

  private Sources() {}

  static List<Map<String, @Nullable Object>> of(Iterable<AuditedStage> chain) {
    Sources sources = new Sources();
    for (AuditedStage stage : chain) {
      sources.blocks(stage, "sources").forEach(facts -> sources.add(stage, facts));
      if (stage.kind().equals(StageKind.IMPORT.word())) {
        sources.blocks(stage, "files").forEach(file -> sources.add(stage, imported(stage, file)));
      }
    }
    return sources.found;
  }

  private List<Map<?, ?>> blocks(AuditedStage stage, String key) {
    List<Map<?, ?>> blocks = new ArrayList<>();
    if (stage.parameters().get(key) instanceof List<?> entries) {
      for (Object entry : entries) {
        blocks.add(entry instanceof Map<?, ?> block ? block : Map.of());
      }
    }
    return blocks;
  }

  private void add(AuditedStage stage, Map<?, ?> facts) {
    Map<String, @Nullable Object> source = new LinkedHashMap<>();
    source.put("stage", stage.stage());
    facts.forEach((key, value) -> source.put(String.valueOf(key), value));
    found.add(source);
  }

  /** Under the names that data has: an imported file is what an artifact is there. */
  private static Map<String, @Nullable Object> imported(AuditedStage stage, Map<?, ?> file) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("name", stage.parameters().getOrDefault("model", stage.stage()));
    facts.put("artifact", file.get("name"));
    facts.put("licence", stage.parameters().get("licence"));
    facts.put("sha256", file.get("sha256"));
    return facts;
  }
}
