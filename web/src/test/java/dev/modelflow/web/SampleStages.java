package dev.modelflow.web;

import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.StageView;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/** Stages as pages and pictures are given them, of which nothing is known but their place. */
public final class SampleStages {
  private SampleStages() {}

  /** A stage that reads what the others make. */
  public static StageView stage(String name, String kind, StageStatus status, String... after) {
    return new StageView(
        name,
        kind,
        0,
        "gpu",
        status,
        List.of(after),
        JsonNodeFactory.instance.objectNode(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        status == StageStatus.SUCCEEDED ? 1 : 0);
  }
}
