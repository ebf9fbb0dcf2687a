package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold between the checkpoints of a merge. */
final class MergeChecks {
  private final RecipeChecks recipe;
  private final StageSpec stage;

  MergeChecks(RecipeChecks recipe, StageSpec stage) {
    this.recipe = recipe;
    this.stage = stage;
  }

  void check() {
    if (stage.kind() == StageKind.MERGE) {
      List<StageRef> refs = stage.references("from");
      different(refs);
      equallyLong(refs);
      weighed(refs);
    }
  }

  private void different(List<StageRef> refs) {
    Set<StageRef> seen = new HashSet<>();
    for (int i = 0; i < refs.size(); i++) {
      if (!seen.add(refs.get(i))) {
        recipe.at(
            path("from." + i),
            "'%s' stands in the list twice: give it a larger weight instead"
                .formatted(refs.get(i)));
      }
    }
  }

  /** A longer context changes the positions, so weights of different ones have no mean. */
  private void equallyLong(List<StageRef> refs) {
    Optional<Long> first =
        stretch(refs.isEmpty() ? Optional.empty() : Optional.of(refs.getFirst()));
    for (int i = 1; i < refs.size(); i++) {
      Optional<Long> other = stretch(Optional.of(refs.get(i)));
      if (first.isPresent() && other.isPresent() && !first.equals(other)) {
        recipe.at(
            path("from." + i),
            "the context of '%s' is %d times the model's and that of '%s' %d times: only models of one context can be merged"
                .formatted(refs.get(i), other.get(), refs.getFirst(), first.get()));
      }
    }
  }

  private Optional<Long> stretch(Optional<StageRef> ref) {
    return ref.flatMap(it -> recipe.stage(it.stage()))
        .flatMap(it -> new StageChecks(recipe, it).stretch(it));
  }

  private void weighed(List<StageRef> refs) {
    Set<String> weights = stage.block("weights").keySet();
    List<String> names = refs.stream().map(StageRef::toString).toList();
    for (String name : weights) {
      if (!names.contains(name)) {
        String path = path("weights." + name);
        recipe
            .problems()
            .add(
                recipe.place(path),
                path,
                "'%s' is not merged: expected one of %s".formatted(name, String.join(", ", names)),
                name,
                names);
      }
    }
    for (String name : names) {
      if (!weights.isEmpty() && !weights.contains(name)) {
        recipe.at(path("weights"), "'%s' has no weight: give one to each".formatted(name));
      }
    }
  }

  private String path(String key) {
    return recipe.path(stage) + "." + key;
  }
}
