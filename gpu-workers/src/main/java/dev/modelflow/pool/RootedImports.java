package dev.modelflow.pool;

import dev.modelflow.domain.StageKind;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does the stages of another executor, but imports models from below one folder only. */
public final class RootedImports implements StageExecutor {
  private final StageExecutor stages;
  private final ImportRoot root;

  /**
   * The same stages with this restriction.
   *
   * @throws IOException when there is no such folder
   */
  public RootedImports(StageExecutor stages, Path root) throws IOException {
    this.stages = stages;
    this.root = new ImportRoot(root);
  }

  @Override
  public Set<StageKind> kinds() {
    return stages.kinds();
  }

  @Override
  public String codeVersion(StageKind kind) {
    return stages.codeVersion(kind);
  }

  @Override
  public Map<String, String> codeVersions() {
    return stages.codeVersions();
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws Exception {
    if (context.kind() == StageKind.IMPORT) {
      Map<String, @Nullable Object> parameters = context.parameters();
      root.require(
          Path.of(String.valueOf(parameters.get("folder"))), names(parameters.get("files")));
    }
    return stages.execute(context);
  }

  private static List<String> names(@Nullable Object files) {
    List<String> names = new ArrayList<>();
    if (files instanceof Collection<?> blocks) {
      for (Object block : blocks) {
        if (block instanceof Map<?, ?> file) {
          names.add(String.valueOf(file.get("name")));
        }
      }
    }
    return names;
  }
}
